import { listTools } from '@/lib/adapters'
import { opsListTools } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListTools, (scope, { query }) => listTools(scope, query))

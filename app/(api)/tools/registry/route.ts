import { listTools } from '@/lib/adapters'
import { listTools as listToolsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listToolsContract, (scope, { query }) => listTools(scope, query))

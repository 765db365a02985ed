import { getTool } from '@/lib/adapters'
import { opsGetTool } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetTool, (scope, { params }) => getTool(scope, params.name))

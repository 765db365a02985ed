import { listAgents } from '@/lib/adapters'
import { opsListAgents } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListAgents, (scope, { query }) => listAgents(scope, query))

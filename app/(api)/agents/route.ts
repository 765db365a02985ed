import { listAgents } from '@/lib/adapters'
import { listAgents as listAgentsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listAgentsContract, (scope, { query }) => listAgents(scope, query))

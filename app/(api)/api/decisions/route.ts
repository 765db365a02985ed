import { listDecisions } from '@/lib/governance'
import { listDecisions as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(contract, (scope, { query }) => listDecisions(scope, query))

import { listDecisions } from '@/lib/governance'
import { opsListDecisions } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListDecisions, (scope, { query }) => listDecisions(scope, query))

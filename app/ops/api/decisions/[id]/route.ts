import { getDecision } from '@/lib/governance'
import { opsGetDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetDecision, (scope, { params }) => getDecision(scope, params.id))

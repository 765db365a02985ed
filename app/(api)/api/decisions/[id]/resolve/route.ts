import { resolveDecision } from '@/lib/governance'
import { resolveDecision as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(contract, (scope, { params, body }) => resolveDecision(scope, params.id, body))

import { resolveDecision } from '@/lib/governance'
import { opsResolveDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsResolveDecision, (scope, { params, body }) => resolveDecision(scope, params.id, body))

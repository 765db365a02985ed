import { opsRevealDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { revealDecision } from '@/lib/runtime'

export const POST = route(opsRevealDecision, (scope, { params, body }) => revealDecision(scope, params.id, body))

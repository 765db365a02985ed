import { consumeOwnDecision } from '@/lib/adapters'
import { consumeDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(consumeDecision, (scope, { params, request }) =>
  consumeOwnDecision(scope, { id: params.id, token: request.headers.get('x-decision-token') }),
)

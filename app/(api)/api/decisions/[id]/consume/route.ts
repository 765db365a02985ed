import { consumeForAdapter } from '@/lib/governance'
import { consumeDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(consumeDecision, (scope, { params, request }) =>
  consumeForAdapter(scope, { id: params.id, token: request.headers.get('x-decision-token') }),
)

import { simulateTrace } from '@/lib/governance'
import { simulateTrace as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { policiesOf } from '@/lib/workspace'

export const POST = route(contract, (scope, { params, body }) =>
  simulateTrace(scope, params.id, body, (id, place) => policiesOf(scope, id, place)),
)

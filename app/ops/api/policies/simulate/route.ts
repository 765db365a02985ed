import { simulatePolicies } from '@/lib/governance'
import { opsSimulatePolicies as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { policiesOf } from '@/lib/workspace'

export const POST = route(contract, (scope, { body }) =>
  simulatePolicies(scope, body, (id, place) => policiesOf(scope, id, place)),
)

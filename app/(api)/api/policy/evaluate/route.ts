import { evaluatePolicy } from '@/lib/governance'
import { evaluatePolicy as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { policiesOf } from '@/lib/workspace'

export const POST = route(contract, (scope, { body }) => evaluatePolicy(scope, body, (id) => policiesOf(scope, id)))

import { getPolicy, removePolicy, updatePolicy } from '@/lib/governance'
import * as contracts from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(contracts.getPolicy, (scope, { params }) => getPolicy(scope, params.policy_id))

export const PATCH = route(contracts.updatePolicy, (scope, { params, body }) =>
  updatePolicy(scope, params.policy_id, body),
)

export const DELETE = route(contracts.removePolicy, (scope, { params }) => removePolicy(scope, params.policy_id))

import { getPolicy, removePolicy, updatePolicy } from '@/lib/governance'
import { opsGetPolicy, opsRemovePolicy, opsUpdatePolicy } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetPolicy, (scope, { params }) => getPolicy(scope, params.policy_id))

export const PATCH = route(opsUpdatePolicy, (scope, { params, body }) => updatePolicy(scope, params.policy_id, body))

export const DELETE = route(opsRemovePolicy, (scope, { params }) => removePolicy(scope, params.policy_id))

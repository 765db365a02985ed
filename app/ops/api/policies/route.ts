import { createPolicy, listPolicies } from '@/lib/governance'
import { opsCreatePolicy, opsListPolicies } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { filesFor } from '@/lib/workspace'

export const GET = route(opsListPolicies, async (scope, { query }) =>
  listPolicies(scope, query, await filesFor(scope, query)),
)

export const POST = route(opsCreatePolicy, (scope, { body }) => createPolicy(scope, body))

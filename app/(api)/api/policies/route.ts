import { createPolicy, listPolicies } from '@/lib/governance'
import { createPolicy as creating, listPolicies as listing } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { filesFor } from '@/lib/workspace'

export const GET = route(listing, async (scope, { query }) => listPolicies(scope, query, await filesFor(scope, query)))

export const POST = route(creating, (scope, { body }) => createPolicy(scope, body))

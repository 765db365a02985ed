import { dryRunPolicy } from '@/lib/governance'
import { opsDryRunPolicy as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { filesFor } from '@/lib/workspace'

export const POST = route(contract, async (scope, { body }) => dryRunPolicy(scope, body, await filesFor(scope, body)))

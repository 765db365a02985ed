import { dryRunPolicy } from '@/lib/governance'
import { opsDryRunPolicy as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'
import { filesFor, inEnvironment } from '@/lib/workspace'

export const POST = route(contract, async (scope, { body }) => {
  const asked = await inEnvironment(scope, body)
  return dryRunPolicy(scope, asked, await filesFor(scope, asked))
})

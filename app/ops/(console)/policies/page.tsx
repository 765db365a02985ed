import type { Metadata } from 'next'
import { PoliciesScreen } from '@/components/policies/policies-screen'
import { listPolicies } from '@/lib/governance'
import { opsListPolicies } from '@/lib/governance/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { filesFor } from '@/lib/workspace'

export const metadata: Metadata = { title: 'Policies' }

export default consolePage('/ops/policies', 'policy:view', opsListPolicies, (scope, query, input) => (
  <Prefetch
    of={opsListPolicies}
    input={{ query: input.query }}
    load={async () => listPolicies(scope, query, await filesFor(scope, query))}
  >
    <PoliciesScreen />
  </Prefetch>
))

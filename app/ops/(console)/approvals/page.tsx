import type { Metadata } from 'next'
import { approvalsPage, callWire } from '@/components/decisions/approvals-query'
import { ApprovalsScreen } from '@/components/decisions/approvals-screen'
import { listDecisions } from '@/lib/governance'
import { DecisionFilter, opsListDecisions } from '@/lib/governance/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Approvals' }

export default consolePage('/ops/approvals', 'decision:resolve', approvalsPage, (scope, _query, input) => {
  const wire = callWire(input.query)
  return (
    <Prefetch
      of={opsListDecisions}
      input={{ query: wire }}
      load={() => listDecisions(scope, DecisionFilter.parse(wire))}
    >
      <ApprovalsScreen />
    </Prefetch>
  )
})

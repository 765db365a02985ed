import type { Metadata } from 'next'
import { AuditScreen } from '@/components/governance/audit-screen'
import { listAudit } from '@/lib/governance'
import { opsListAudit } from '@/lib/governance/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Audit' }

export default consolePage('/ops/audit', 'audit:view', opsListAudit, (scope, query, input) => (
  <Prefetch of={opsListAudit} input={input} load={() => listAudit(scope, query)}>
    <AuditScreen />
  </Prefetch>
))

import type { Metadata } from 'next'
import { SystemScreen } from '@/components/jobs/system-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listJobs, systemView } from '@/lib/jobs'
import { opsListJobs, opsSystem } from '@/lib/jobs/contract'

export const metadata: Metadata = { title: 'System' }

export default consolePage('/ops/system', 'system:view', opsListJobs, (scope, query, input) => (
  <Prefetch of={opsSystem} load={() => systemView(scope)}>
    <Prefetch of={opsListJobs} input={input} load={() => listJobs(scope, query)}>
      <SystemScreen />
    </Prefetch>
  </Prefetch>
))

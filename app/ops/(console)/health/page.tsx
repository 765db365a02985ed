import type { Metadata } from 'next'
import { HealthScreen } from '@/components/health/health-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { opsHealth as look } from '@/lib/jobs'
import { opsHealth } from '@/lib/jobs/contract/health'

export const metadata: Metadata = { title: 'Health' }

export default consolePage('/ops/health', 'system:view', null, (scope) => (
  <Prefetch of={opsHealth} load={() => look(scope, { deep: false })}>
    <HealthScreen />
  </Prefetch>
))

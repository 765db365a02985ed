import type { Metadata } from 'next'
import { RetentionScreen } from '@/components/retention/retention-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { showRetention } from '@/lib/retention'
import { opsShowRetention } from '@/lib/retention/contract'

export const metadata: Metadata = { title: 'Retention' }

export default consolePage('/ops/retention', 'retention:view', null, (scope) => (
  <Prefetch of={opsShowRetention} load={() => showRetention(scope)}>
    <RetentionScreen />
  </Prefetch>
))

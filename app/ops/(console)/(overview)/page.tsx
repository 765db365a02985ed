import type { Metadata } from 'next'
import { OverviewScreen } from '@/components/overview/overview-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { overview } from '@/lib/jobs'
import { opsOverview } from '@/lib/jobs/contract'

export const metadata: Metadata = { title: 'Overview' }

export default consolePage('/ops', 'dashboard:view', opsOverview, (scope, query, input) => (
  <Prefetch of={opsOverview} input={{ query: input.query }} load={() => overview(scope, query)}>
    <OverviewScreen />
  </Prefetch>
))

import type { Metadata } from 'next'
import { IngestScreen } from '@/components/ingest/ingest-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { ingestHealth } from '@/lib/tracing'
import { opsIngestHealth } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Ingest' }

export default consolePage('/ops/ingest', 'trace:view', opsIngestHealth, (scope) => (
  <Prefetch of={opsIngestHealth} load={() => ingestHealth(scope)}>
    <IngestScreen />
  </Prefetch>
))

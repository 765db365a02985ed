import type { Metadata } from 'next'
import { IngestScreen } from '@/components/ingest/ingest-screen'
import { consolePage } from '@/lib/http/console-page'

export const metadata: Metadata = { title: 'Ingest' }

export default consolePage('/ops/ingest', 'trace:view', null, () => <IngestScreen />)

import { IngestSkeleton } from '@/components/ingest/ingest-skeleton'
import { PageHeader } from '@/components/shell/page-header'
import { INGEST_TEXT } from '@/components/traces/trace-words'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Ingest" text={INGEST_TEXT} />
    <IngestSkeleton />
  </div>
)

export default Loading

import { RetentionSkeleton } from '@/components/retention/retention-skeleton'
import { RETENTION_TEXT } from '@/components/retention/retention-words'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Retention" text={RETENTION_TEXT} />
    <RetentionSkeleton />
  </div>
)

export default Loading

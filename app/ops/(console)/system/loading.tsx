import { SystemSkeleton } from '@/components/jobs/system-skeleton'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="System" text="The instance that answered this page, its database and its background work." />
    <SystemSkeleton />
  </div>
)

export default Loading

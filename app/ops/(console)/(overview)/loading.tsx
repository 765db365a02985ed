import { OverviewSkeleton } from '@/components/jobs/overview-skeleton'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Overview" text="What is wrong, what changed and what waits." />
    <OverviewSkeleton />
  </div>
)

export default Loading

import { OverviewSkeleton } from '@/components/overview/overview-skeleton'
import { OVERVIEW_TEXT } from '@/components/overview/overview-words'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Overview" text={OVERVIEW_TEXT} />
    <OverviewSkeleton />
  </div>
)

export default Loading

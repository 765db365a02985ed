import { CostSkeleton } from '@/components/insights/cost-skeleton'
import { COST_TEXT } from '@/components/insights/insights-words'
import { PageHeader } from '@/components/shell/page-header'
import { Skeleton } from '@/components/ui/skeleton'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Cost" text={COST_TEXT} />
    <Skeleton className="mb-4 h-[46px] w-full rounded-md" />
    <CostSkeleton />
  </div>
)

export default Loading

import { PageHeader } from '@/components/shell/page-header'
import { StatsSkeleton } from '@/components/stats/stats-skeleton'
import { STATS_TEXT } from '@/components/traces/trace-words'
import { Skeleton } from '@/components/ui/skeleton'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Statistics" text={STATS_TEXT} />
    <Skeleton className="mb-4 h-[46px] w-full rounded-md" />
    <StatsSkeleton />
  </div>
)

export default Loading

import { RISK_TEXT } from '@/components/insights/insights-words'
import { RiskSkeleton } from '@/components/insights/risk-skeleton'
import { PageHeader } from '@/components/shell/page-header'
import { Skeleton } from '@/components/ui/skeleton'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Risk" text={RISK_TEXT} />
    <Skeleton className="mb-4 h-[46px] w-full rounded-md" />
    <RiskSkeleton />
  </div>
)

export default Loading

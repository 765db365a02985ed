import { HealthSkeleton } from '@/components/health/health-skeleton'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Health" text="What a run needs, and whether the last ones went well." />
    <HealthSkeleton />
  </div>
)

export default Loading

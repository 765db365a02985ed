import { PageHeader } from '@/components/shell/page-header'
import { Skeleton } from '@/components/ui/skeleton'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Diff" text="Two runs step by step: where they part, and what else differs and may be why." />
    <Skeleton className="h-40 w-full rounded-md" />
  </div>
)

export default Loading

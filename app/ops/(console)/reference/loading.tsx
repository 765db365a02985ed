import { PageHeader } from '@/components/shell/page-header'
import { Skeleton } from '@/components/ui/skeleton'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader
      title="API reference"
      text="Every endpoint with its permission, fields and refusals, from the contracts that the server runs."
    />
    <Skeleton className="h-96 w-full rounded-md" />
  </div>
)

export default Loading

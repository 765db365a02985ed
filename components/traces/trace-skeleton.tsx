import { Skeleton } from '@/components/ui/skeleton'

export const TraceSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[70px] rounded-md" />
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_minmax(380px,32%)]">
      <div className="grid gap-4">
        <Skeleton className="h-72 rounded-md" />
        <div className="grid gap-4 sheet:grid-cols-2">
          <Skeleton className="h-72 rounded-md" />
          <Skeleton className="h-52 rounded-md" />
        </div>
      </div>
      <Skeleton className="h-96 rounded-md" />
    </div>
  </div>
)

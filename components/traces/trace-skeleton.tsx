import { Skeleton } from '@/components/ui/skeleton'

export const TraceSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-5 w-24" />
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_340px]">
      <div className="grid gap-4">
        <Skeleton className="h-52 rounded-md" />
        <Skeleton className="h-72 rounded-md" />
      </div>
      <div className="grid gap-4">
        <Skeleton className="h-72 rounded-md" />
        <Skeleton className="h-52 rounded-md" />
      </div>
    </div>
  </div>
)

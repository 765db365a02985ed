import { Skeleton } from '@/components/ui/skeleton'

export const RetentionSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-10 rounded-md" />
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid gap-4">
        <Skeleton className="h-72 rounded-md" />
        <Skeleton className="h-40 rounded-md" />
      </div>
      <div className="grid gap-4">
        <Skeleton className="h-36 rounded-md" />
        <Skeleton className="h-36 rounded-md" />
      </div>
    </div>
  </div>
)

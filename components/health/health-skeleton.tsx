import { Skeleton } from '@/components/ui/skeleton'

export const HealthSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-11 rounded-md" />
    <div className="grid items-start gap-4 rail:grid-cols-2">
      <div className="grid gap-4">
        <Skeleton className="h-40 rounded-md" />
        <Skeleton className="h-32 rounded-md" />
        <Skeleton className="h-40 rounded-md" />
      </div>
      <Skeleton className="h-[420px] rounded-md" />
    </div>
  </div>
)

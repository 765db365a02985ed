import { Skeleton } from '@/components/ui/skeleton'

export const RiskSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[106px] w-full rounded-md" />
    <Skeleton className="h-[338px] w-full rounded-md" />
    <div className="grid gap-4 rail:grid-cols-2">
      <Skeleton className="h-[260px] w-full rounded-md" />
      <Skeleton className="h-[260px] w-full rounded-md" />
    </div>
  </div>
)

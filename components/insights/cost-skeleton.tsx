import { Skeleton } from '@/components/ui/skeleton'

export const CostSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[106px] w-full rounded-md" />
    <Skeleton className="h-[338px] w-full rounded-md" />
    <div className="grid gap-4 rail:grid-cols-2">
      {['one', 'two', 'three', 'four'].map((name) => (
        <Skeleton key={name} className="h-[220px] w-full rounded-md" />
      ))}
    </div>
  </div>
)

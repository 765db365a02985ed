import { Skeleton } from '@/components/ui/skeleton'

const FIGURES = ['a', 'b', 'c', 'd', 'e']

export const OverviewSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[46px] w-full rounded-md" />
    <div className="grid grid-cols-2 gap-px max-rail:*:first:col-span-2 rail:grid-cols-5">
      {FIGURES.map((figure) => (
        <Skeleton key={figure} className="h-[98px] rounded-md" />
      ))}
    </div>
    <div className="grid gap-4 rail:grid-cols-[3fr_2fr]">
      <Skeleton className="h-[300px] rounded-md" />
      <Skeleton className="h-[300px] rounded-md" />
    </div>
  </div>
)

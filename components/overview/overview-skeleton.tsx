import { Skeleton } from '@/components/ui/skeleton'

const FIGURES = ['a', 'b', 'c', 'd', 'e', 'f']

export const OverviewSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[46px] w-full rounded-md" />
    <div className="grid grid-cols-2 gap-px rail:grid-cols-6">
      {FIGURES.map((figure) => (
        <Skeleton key={figure} className="h-[98px] rounded-md" />
      ))}
    </div>
    <div className="grid gap-4 rail:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Skeleton className="h-[180px] rounded-md rail:order-2" />
      <div className="grid gap-4 rail:order-1">
        <Skeleton className="h-[380px] rounded-md" />
        <Skeleton className="h-[240px] rounded-md" />
      </div>
    </div>
  </div>
)

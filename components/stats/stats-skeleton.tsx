import { Skeleton } from '@/components/ui/skeleton'

export const StatsSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[106px] w-full rounded-md" />
    <div className="grid gap-4 rail:grid-cols-2">
      {['runs', 'time', 'cost', 'tokens'].map((name) => (
        <Skeleton key={name} className="h-[312px] w-full rounded-md" />
      ))}
    </div>
  </div>
)

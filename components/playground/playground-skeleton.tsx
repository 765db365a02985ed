import { Skeleton } from '@/components/ui/skeleton'

export const PlaygroundSkeleton = () => (
  <div className="grid items-start gap-4 rail:grid-cols-[300px_minmax(0,1fr)]">
    <Skeleton className="h-11 rounded-md rail:h-[520px]" />
    <Skeleton className="h-[calc(100dvh-172px)] min-h-[420px] rounded-md" />
  </div>
)

import { Skeleton } from '@/components/ui/skeleton'

export const IngestSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[106px] w-full rounded-md" />
    <div className="grid gap-4 rail:grid-cols-2">
      <Skeleton className="h-[312px] w-full rounded-md" />
      <Skeleton className="h-[312px] w-full rounded-md" />
    </div>
  </div>
)

import { Skeleton } from '@/components/ui/skeleton'

export const WorkspaceSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-8 w-72" />
    <div className="grid gap-4 sheet:grid-cols-[260px_minmax(0,1fr)]">
      <Skeleton className="h-96 rounded-md" />
      <Skeleton className="h-96 rounded-md" />
    </div>
  </div>
)

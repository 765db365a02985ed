import { Skeleton } from '@/components/ui/skeleton'

export const BoardSkeleton = () => (
  <div className="grid gap-4 sheet:grid-cols-2 rail:grid-cols-3">
    {['dev', 'staging', 'prod'].map((name) => (
      <Skeleton key={name} className="h-64 rounded-md" />
    ))}
  </div>
)

import { Skeleton } from '@/components/ui/skeleton'

const CARDS = ['health', 'instance', 'database', 'migrations']

export const SystemSkeleton = () => (
  <div className="grid gap-4 rail:grid-cols-2">
    {CARDS.map((card) => (
      <Skeleton key={card} className="h-64 rounded-md" />
    ))}
  </div>
)

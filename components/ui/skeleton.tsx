import { cn } from './cn'

export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cn('block animate-breathe rounded-sm bg-system-soft', className)} />
)

import type { ReactNode } from 'react'
import { cn } from './cn'

type Fact = { name: string; value: ReactNode }

export const Facts = ({ facts, className }: { facts: readonly Fact[]; className?: string }) => (
  <dl className={cn('grid grid-cols-[minmax(96px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-2 text-table', className)}>
    {facts.map((fact) => (
      <div key={fact.name} className="contents">
        <dt className="text-ink-muted">{fact.name}</dt>
        <dd className="min-w-0 break-words text-ink">{fact.value}</dd>
      </div>
    ))}
  </dl>
)

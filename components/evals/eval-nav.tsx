'use client'

import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import { useQueue } from './use-datasets'

const PLACES = [
  { id: 'runs', name: 'Runs', href: '/ops/evals' },
  { id: 'datasets', name: 'Datasets', href: '/ops/evals/datasets' },
  { id: 'compare', name: 'Compare', href: '/ops/evals/compare' },
  { id: 'queue', name: 'Queue', href: '/ops/evals/queue' },
] as const

type Here = (typeof PLACES)[number]['id']

export const EvalNav = ({ here }: { here: Here }) => {
  const { data } = useQueue({ status: 'waiting', limit: '1' })
  const waiting = data?.total ?? 0
  return (
    <nav aria-label="Evaluation" className="mb-4 flex flex-wrap gap-x-4 border-line border-b">
      {PLACES.map(({ id, name, href }) => (
        <a
          key={id}
          href={href}
          aria-current={id === here ? 'page' : undefined}
          className={cn(
            '-mb-px flex h-9 items-center gap-1.5 border-b-2 text-table',
            id === here
              ? 'border-accent-line font-medium text-ink'
              : 'border-transparent text-ink-muted hover:text-ink',
          )}
        >
          {name}
          {id === 'queue' && waiting > 0 ? (
            <span className="rounded-sm bg-warn-soft px-1.5 font-medium text-meta text-warn">
              {formatCount(waiting)}
              <span className="sr-only"> waiting</span>
            </span>
          ) : null}
        </a>
      ))}
    </nav>
  )
}

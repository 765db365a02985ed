import type { ReactNode } from 'react'
import { cn } from './cn'

type CardProps = {
  title?: string
  id?: string
  actions?: ReactNode
  children: ReactNode
  className?: string
  flush?: boolean
}

export const Card = ({ title, id, actions, children, className, flush }: CardProps) => (
  <section
    id={id}
    aria-label={title}
    className={cn('flex min-w-0 scroll-mt-16 flex-col rounded-md border border-line bg-surface', className)}
  >
    {title ? (
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-1.5">
        <h2 className="font-semibold text-ink text-prose">{title}</h2>
        {actions}
      </header>
    ) : null}
    <div className={cn('min-w-0 grow', flush ? '' : 'p-4')}>{children}</div>
  </section>
)

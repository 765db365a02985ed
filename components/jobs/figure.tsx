import type { ReactNode } from 'react'
import { formatCount, formatShortCount } from '@/components/ui/format'

type FigureProps = { name: string; value: number | ReactNode; note: ReactNode; href: string | null }

const shown = (value: FigureProps['value']) =>
  typeof value === 'number' ? <span title={formatCount(value)}>{formatShortCount(value)}</span> : value

export const Figure = ({ name, value, note, href }: FigureProps) => (
  <div className="group/figure relative grid content-start gap-0.5 bg-surface px-4 py-3.5 has-[a:hover]:bg-hover">
    <dt className="text-ink-muted text-meta">
      {href ? (
        <a href={href} className="after:absolute after:inset-0 focus-visible:outline-offset-0">
          {name}
        </a>
      ) : (
        name
      )}
    </dt>
    <dd className="font-semibold text-figure text-ink tracking-[-0.02em]">{shown(value)}</dd>
    <dd className="text-ink-muted text-meta">{note}</dd>
  </div>
)

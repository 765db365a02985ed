import type { Series } from './series'

export const Swatch = ({ series: { color, kind, dash } }: { series: Series }) => (
  <svg aria-hidden="true" viewBox="0 0 14 10" className="h-2.5 w-3.5 shrink-0">
    {kind === 'line' ? (
      <line x1="0" y1="5" x2="14" y2="5" stroke={color} strokeWidth="2" strokeDasharray={dash} />
    ) : (
      <rect x="2" y="0" width="10" height="10" rx="2" fill={color} />
    )}
  </svg>
)

export const SeriesLegend = ({ series }: { series: readonly Series[] }) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-meta">
    {series.map((one) => (
      <li key={one.id} className="flex items-center gap-1.5">
        <Swatch series={one} /> {one.name}
      </li>
    ))}
  </ul>
)

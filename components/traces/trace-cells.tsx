import { OctagonAlert, ShieldAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { formatCount, formatDuration, formatExactMoney, formatMoney, formatShortCount } from '@/components/ui/format'
import type { TraceSummary } from '@/lib/tracing/contract'

export const none = <span className="text-ink-muted">–</span>

export const Money = ({ micro, estimated = false }: { micro: number; estimated?: boolean }) => (
  <span className="whitespace-nowrap" title={`${formatExactMoney(micro)}${estimated ? ', from estimated tokens' : ''}`}>
    {estimated ? <span className="text-ink-muted">~</span> : null}
    {formatMoney(micro)}
  </span>
)

export const Tokens = ({ count }: { count: number }) => (
  <span className="whitespace-nowrap" title={`${formatCount(count)} tokens`}>
    {formatShortCount(count)}
  </span>
)

export const Took = ({ ms }: { ms: number | null }) =>
  ms === null ? none : <span className="whitespace-nowrap">{formatDuration(ms)}</span>

export const RiskLevel = ({ risk }: { risk: TraceSummary['risk'] }) => {
  if (risk === null) return none
  const title = `${risk.score} of 100${risk.factors.length > 0 ? `: ${risk.factors.join(', ')}` : ''}`
  if (risk.level === 'low') return <span title={title}>Low</span>
  const word = `${risk.level[0]?.toUpperCase() ?? ''}${risk.level.slice(1)}`
  if (risk.level === 'medium')
    return (
      <span title={title} className="inline-flex items-center gap-1 text-warn">
        <ShieldAlert aria-hidden className="size-3.5" /> {word}
      </span>
    )
  return (
    <span title={title}>
      <Badge tone="bad" icon={OctagonAlert}>
        {word}
      </Badge>
    </span>
  )
}

const MOST_CHIPS = 1

export const LabelChips = ({ labels }: { labels: TraceSummary['labels'] }) => {
  const all = Object.entries(labels)
  if (all.length === 0) return none
  const title = all.map(([key, value]) => `${key} = ${value}`).join('\n')
  return (
    <span className="flex min-w-0 items-center gap-1 overflow-hidden" title={title}>
      {all.slice(0, MOST_CHIPS).map(([key, value]) => (
        <Badge key={key} className="min-w-0 max-w-36">
          <span className="truncate">{value === 'true' || value === '' ? key : `${key} ${value}`}</span>
        </Badge>
      ))}
      {all.length > MOST_CHIPS ? (
        <span className="shrink-0 text-ink-muted text-meta">+{all.length - MOST_CHIPS}</span>
      ) : null}
    </span>
  )
}

type Snippet = NonNullable<TraceSummary['snippet']>

const BEFORE = 16

// One line holds few words: it begins shortly before the first one that was found.
const fromMatch = (snippet: Snippet): Snippet => {
  const [first, ...rest] = snippet
  if (!first || first.is_match || first.text.length <= BEFORE) return snippet
  return [{ text: `…${first.text.slice(-BEFORE)}`, is_match: false }, ...rest]
}

export const Found = ({ snippet }: { snippet: TraceSummary['snippet'] }) => {
  const text = snippet?.map((part) => part.text).join('') ?? ''
  const keyed = fromMatch(snippet ?? []).map((part, at) => ({ ...part, key: `${at} ${part.text}` }))
  return (
    <span className="block truncate text-ink-soft" title={text}>
      {keyed.map((part) =>
        part.is_match ? (
          <mark key={part.key} className="rounded-sm bg-warn-soft px-0.5 text-ink">
            {part.text}
          </mark>
        ) : (
          <span key={part.key}>{part.text}</span>
        ),
      )}
    </span>
  )
}

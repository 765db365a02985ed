import { Badge } from '@/components/ui/badge'
import type { PromotionSummary } from '@/lib/promotion/contract'
import { STATUSES, waitsWords } from './promotion-words'

type Shown = Pick<PromotionSummary, 'status' | 'waits_for' | 'override_used'>

export const PromotionStatusBadge = ({ promotion }: { promotion: Shown }) => {
  const { words, tone } = STATUSES[promotion.status]
  const waits = waitsWords(promotion)
  const isReady = promotion.status === 'waiting' && waits === null
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 py-1">
      <Badge tone={isReady ? 'ok' : tone}>{isReady ? 'Ready' : words}</Badge>
      {waits && promotion.status === 'waiting' ? <span className="text-ink-muted text-meta">{waits}</span> : null}
      {promotion.override_used ? <Badge tone="warn">Override</Badge> : null}
    </span>
  )
}

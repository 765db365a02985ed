import { REASONS } from '@/components/receipts/receipt-words'
import { formatUtc } from '@/components/ui/format'
import type { DecisionView } from '@/lib/governance/contract'
import { personOf } from './decision-words'

const isReason = (code: string): code is keyof typeof REASONS => Object.hasOwn(REASONS, code)

const reasonWords = (code: string | undefined): string =>
  code !== undefined && isReason(code) ? ` as an exception (${REASONS[code]})` : ''

const verbOf = ({ status }: DecisionView): string => (status === 'denied' ? 'Denied' : 'Approved')

/** Who decided it, why, and whether it has been used. */
export const ResolutionNote = ({ decision }: { decision: DecisionView }) => {
  const { resolution, resolved_by: by, resolved_at: at, used_at: used, status } = decision
  if (resolution === null || by === null || at === null)
    return status === 'expired' ? (
      <p className="text-ink-muted text-table">Nobody decided in time; it was not done.</p>
    ) : null
  return (
    <section aria-label="Decided" className="grid gap-1.5 border-line-strong border-l-2 pl-3 text-table">
      <p className="font-medium text-ink">
        {verbOf(decision)} by {personOf(by)}
        {reasonWords(resolution.reason_code)}, {formatUtc(at)}
      </p>
      <p className="whitespace-pre-wrap break-words text-ink-soft">{resolution.justification}</p>
      {status === 'approved' ? (
        <p className="text-ink-muted">
          {used === null ? 'It is not used yet.' : `It was used ${formatUtc(used)}; it cannot be used again.`}
        </p>
      ) : null}
    </section>
  )
}

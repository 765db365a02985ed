import { CircleCheck, CircleX } from 'lucide-react'
import { formatUtc } from '@/components/ui/format'
import type { WebhookDetail } from '@/lib/webhooks/contract'

type Tries = WebhookDetail['tries']

export const WebhookAttempts = ({ tries }: { tries: Tries }) => (
  <section aria-label="Attempts" className="grid gap-2">
    <h3 className="font-semibold text-ink text-table">Attempts</h3>
    {tries.length === 0 ? (
      <p className="text-ink-muted text-table">None yet.</p>
    ) : (
      <ol className="grid gap-2">
        {tries.map((one) => (
          <Attempt key={one.attempt} one={one} />
        ))}
      </ol>
    )}
  </section>
)

const Attempt = ({ one }: { one: Tries[number] }) => {
  const Icon = one.error === null ? CircleCheck : CircleX
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-table">
      <Icon aria-hidden className={`mt-0.5 size-4 ${one.error === null ? 'text-ok' : 'text-bad'}`} />
      <div className="min-w-0">
        <p className="break-words text-ink">{one.error ?? `The receiver answered ${one.status}`}</p>
        <p className="text-ink-muted text-meta">
          {one.attempt}. attempt · {formatUtc(one.at)} · {one.duration_ms} ms
        </p>
      </div>
    </li>
  )
}

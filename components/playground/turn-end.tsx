import { CirclePause, CircleSlash, ExternalLink, TriangleAlert } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { deliveryWords, stopWords } from '@/components/traces/run-words'
import { Badge } from '@/components/ui/badge'
import { CopyId } from '@/components/ui/copy-id'
import { formatCount, formatExactMoney, formatMoney } from '@/components/ui/format'
import { type Done, type Failure, isOpen, type Turn } from './turn'

const TraceLink = ({ id }: { id: string }) => (
  <a
    href={`/ops/traces/${id}`}
    target="_blank"
    rel="noreferrer"
    className="ml-auto inline-flex items-center gap-1 font-medium text-accent text-meta underline-offset-2 hover:underline"
  >
    Open trace <ExternalLink aria-hidden className="size-3" />
    <span className="sr-only">in a new tab</span>
  </a>
)

const Spent = ({ reply: { usage, cost } }: { reply: Done }) => (
  <>
    <span title={formatExactMoney(cost.total_cost_micro_usd)}>{formatMoney(cost.total_cost_micro_usd)}</span>
    <span>
      {formatCount(usage.prompt_tokens)} in, {formatCount(usage.completion_tokens)} out
      {usage.usage_estimated ? ', estimated' : ''}
    </span>
  </>
)

const DoneLine = ({ reply }: { reply: Done }) => (
  <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-meta">
    <Badge tone={reply.stop_reason === 'completed' ? 'ok' : 'warn'}>{stopWords(reply.stop_reason)}</Badge>
    <Spent reply={reply} />
    <span>{deliveryWords(reply.delivery)}</span>
    <TraceLink id={reply.trace_id} />
  </div>
)

const FailureNote = ({ failure }: { failure: Failure }) => (
  <div role="alert" className="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-table">
    <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
    <div className="grid min-w-0 gap-0.5">
      <p className="break-words">{failure.message}</p>
      {failure.faults.map((fault) => (
        <p key={fault} className="break-words">
          {fault}
        </p>
      ))}
      <p className="flex flex-wrap items-center gap-x-3 text-meta">
        <code className="font-mono">{failure.code}</code>
        {failure.requestId ? (
          <span className="flex items-center gap-1.5">
            Request <CopyId id={failure.requestId} what="request id" />
          </span>
        ) : null}
      </p>
    </div>
  </div>
)

const Stopped = () => (
  <p className="flex items-center gap-1.5 text-ink-muted text-meta">
    <CircleSlash aria-hidden className="size-3.5" /> You stopped this answer. What it cost is in its trace.
  </p>
)

export const TurnEnd = ({ turn }: { turn: Turn }) => {
  const { reply, failure, state, traceId } = turn
  if (reply)
    return (
      <>
        {reply.suppressed ? <Note text="Nothing to say: the agent answered HEARTBEAT_OK, which is not shown." /> : null}
        {reply.context_warning ? <Note text={reply.context_warning} /> : null}
        {reply.stop_reason === 'approval_required' ? <Waits reply={reply} /> : null}
        <DoneLine reply={reply} />
      </>
    )
  return (
    <>
      {failure ? <FailureNote failure={failure} /> : null}
      {state === 'stopped' ? <Stopped /> : null}
      {isOpen(turn) ? null : (
        <p className="flex text-ink-muted text-meta">
          Left out of what is sent next.
          {traceId ? <TraceLink id={traceId} /> : null}
        </p>
      )}
    </>
  )
}

const Waits = ({ reply }: { reply: Done }) => {
  const mayDecide = useMay('decision:resolve')
  const id = reply.decision_id
  return (
    <p className="flex flex-wrap items-center gap-x-2 rounded-md bg-warn-soft px-3 py-1.5 text-table text-warn">
      <CirclePause aria-hidden className="size-4 shrink-0" />
      The run stands still until somebody approves what it wants to do.
      {mayDecide && id ? (
        <a
          href={`/ops/approvals?${new URLSearchParams({ peek: id })}`}
          className="font-medium underline underline-offset-2"
        >
          Look at it
        </a>
      ) : null}
    </p>
  )
}

const Note = ({ text }: { text: string }) => (
  <p className="rounded-md bg-warn-soft px-3 py-1.5 text-table text-warn">{text}</p>
)

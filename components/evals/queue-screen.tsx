'use client'

import { CircleCheck, ListTodo } from 'lucide-react'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { cn } from '@/components/ui/cn'
import { formatCount, shortenId } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import type { QueueItem } from '@/lib/evals/contract'
import { EvalNav } from './eval-nav'
import { personOf, QUEUE_TEXT, wordLink } from './eval-words'
import { ItemDesk } from './item-desk'
import { JudgesCard } from './judges-card'
import { queueWire } from './queue-wire'
import { useQueue } from './use-datasets'
import { useQueueKeys } from './use-queue-keys'

const STATUS = ['waiting', 'done', 'skipped'] as const
type Status = (typeof STATUS)[number]

const FIELDS = {
  queue: parseAsString,
  status: parseAsStringLiteral(STATUS).withDefault('waiting'),
  item: parseAsString,
}

const WORDS: Record<Status, string> = { waiting: 'Waiting', done: 'Done', skipped: 'Skipped' }

const usePlace = () => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  return { ...place, go: (patch: Parameters<typeof write>[0]) => void write(patch) }
}

type Place = ReturnType<typeof usePlace>

export const QueueScreen = () => {
  const place = usePlace()
  const query = useQueue(queueWire(place.queue, place.status))
  return (
    <>
      <PageHeader title="Queue" text={QUEUE_TEXT} />
      <EvalNav here="queue" />
      <div className="grid gap-4">
        <QueryView
          query={query}
          what="The queue"
          stillWorks="Runs go on and can be queued."
          skeleton={<Skeleton className="h-96 rounded-md" />}
        >
          {(page) => (
            <div className="grid items-start gap-4 rail:grid-cols-[280px_minmax(0,1fr)]">
              <List page={page} place={place} />
              <Desk items={page.items} place={place} />
            </div>
          )}
        </QueryView>
        <JudgesCard evalId={null} />
      </div>
    </>
  )
}

type Page = NonNullable<ReturnType<typeof useQueue>['data']>

const List = ({ page, place }: { page: Page; place: Place }) => {
  const all = page.queues.map(({ queue, waiting }) => ({ value: queue, label: `${queue} (${waiting} waiting)` }))
  const current = currentOf(page.items, place.item)
  return (
    <section aria-label="Items" className="min-w-0 rounded-md border border-line bg-surface">
      <div className="grid gap-2 border-line border-b p-3">
        <Select
          aria-label="Queue"
          className="w-full"
          options={[{ value: '', label: 'All queues' }, ...all]}
          value={place.queue ?? ''}
          onChange={(event) => place.go({ queue: event.target.value === '' ? null : event.target.value, item: null })}
        />
        <Select
          aria-label="Items shown"
          className="w-full"
          options={STATUS.map((value) => ({ value, label: WORDS[value] }))}
          value={place.status}
          onChange={(event) =>
            place.go({ status: STATUS.find((one) => one === event.target.value) ?? 'waiting', item: null })
          }
        />
        <p className="text-ink-muted text-meta">
          {formatCount(page.total)} {WORDS[place.status].toLowerCase()}, oldest first
        </p>
      </div>
      <ol className="max-h-[60vh] overflow-y-auto">
        {page.items.map((item) => (
          <li key={item.id} className="border-line border-b last:border-b-0">
            <button
              type="button"
              aria-current={item.id === current?.id || undefined}
              onClick={() => place.go({ item: item.id })}
              className={cn(
                'grid w-full gap-0.5 px-3 py-2 text-left text-table hover:bg-hover focus-visible:-outline-offset-2',
                item.id === current?.id && 'bg-accent-soft hover:bg-accent-soft',
              )}
            >
              <span className="truncate text-ink">{item.reason ?? `Run ${shortenId(item.trace_id)}`}</span>
              <span className="truncate text-ink-muted text-meta">
                {item.queue}, <RelativeTime iso={item.created_at} />
                {item.assigned_to ? `, for ${personOf(item.assigned_to)}` : ''}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

const currentOf = (items: readonly QueueItem[], id: string | null): QueueItem | null =>
  items.find((item) => item.id === id) ?? items[0] ?? null

const Desk = ({ items, place }: { items: readonly QueueItem[]; place: Place }) => {
  const current = currentOf(items, place.item)
  const at = current === null ? -1 : items.indexOf(current)
  const go = (by: 1 | -1) => {
    const next = items[at + by]
    if (next) place.go({ item: next.id })
  }
  // What is decided leaves the list of those that wait, so the next one takes its place.
  const decided = () => place.go({ item: items[at + 1]?.id ?? items[at - 1]?.id ?? null })
  useQueueKeys({ next: () => go(1), before: () => go(-1) })
  if (current === null) return <Nothing status={place.status} />
  return <ItemDesk key={current.id} item={current} place={`${at + 1} of ${items.length}`} onDecided={decided} />
}

const Nothing = ({ status }: { status: Status }) => (
  <section aria-label="Nothing here" className="rounded-md border border-line bg-surface">
    <EmptyState
      icon={status === 'waiting' ? CircleCheck : ListTodo}
      title={status === 'waiting' ? 'Nothing waits for a person' : `Nothing is ${WORDS[status].toLowerCase()}`}
      text={
        <>
          Runs come here from the{' '}
          <a href="/ops/traces" className={wordLink}>
            list of traces
          </a>
          : select some and press Evaluate, or by the API:
        </>
      }
      command={{
        label: 'Queue a run',
        code: `curl -X POST "$CLASPER_URL/evals/queue" -H "Authorization: Bearer $CLASPER_API_KEY" -H "Content-Type: application/json" -d '{"trace_ids":["<id>"],"reason":"The customer complained"}'`,
      }}
    />
  </section>
)

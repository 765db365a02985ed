import { CircleCheck, CircleX, Clock } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { WebhookView } from '@/lib/webhooks/contract'

const STATES = {
  queued: { tone: 'system', icon: Clock, label: 'Waiting' },
  delivered: { tone: 'ok', icon: CircleCheck, label: 'Delivered' },
  dead: { tone: 'bad', icon: CircleX, label: 'Given up' },
} as const

export const WebhookState = ({ state }: { state: WebhookView['state'] }) => {
  const look = STATES[state]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label}
    </Badge>
  )
}

export const webhookStateOptions = Object.entries(STATES).map(([value, { label }]) => ({ value, label }))

export const WEBHOOK_COLUMNS: readonly Column<WebhookView>[] = [
  {
    id: 'event',
    header: 'Event',
    lead: true,
    cell: (webhook) => <span className="truncate">{webhook.event}</span>,
  },
  { id: 'state', header: 'State', cell: (webhook) => <WebhookState state={webhook.state} /> },
  {
    id: 'url',
    header: 'Receiver',
    from: 'medium',
    className: 'max-w-72',
    cell: (webhook) => <span className="block truncate text-ink-muted">{webhook.url}</span>,
  },
  {
    id: 'error',
    header: 'Last error',
    from: 'wide',
    className: 'max-w-72',
    cell: (webhook) => <span className="block truncate text-ink-muted">{webhook.last_error ?? '–'}</span>,
  },
  { id: 'attempts', header: 'Attempts', align: 'right', from: 'medium', cell: (webhook) => webhook.attempts },
  {
    id: 'when',
    header: 'Created',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (webhook) => <RelativeTime iso={webhook.created_at} className="text-ink-soft" />,
  },
]

import { CircleCheck, CircleDot, Clock, Eye, Siren, StepForward, TriangleAlert } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Receipt } from '@/lib/governance/contract'
import { KINDS, personOf, STATES, whatOf } from './receipt-words'

const STATE_LOOKS = {
  open: { tone: 'warn', icon: Clock },
  overdue: { tone: 'bad', icon: TriangleAlert },
  acknowledged: { tone: 'ok', icon: CircleCheck },
  noted: { tone: 'system', icon: CircleDot },
} as const

const KIND_LOOKS = {
  override: { tone: 'accent', icon: StepForward },
  break_glass: { tone: 'bad', icon: Siren },
  reveal: { tone: 'info', icon: Eye },
} as const

export const ReceiptState = ({ state }: Pick<Receipt, 'state'>) => {
  const look = STATE_LOOKS[state]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {STATES[state]}
    </Badge>
  )
}

export const ReceiptKind = ({ kind }: Pick<Receipt, 'kind'>) => {
  const look = KIND_LOOKS[kind]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {KINDS[kind]}
    </Badge>
  )
}

export const RECEIPT_COLUMNS: readonly Column<Receipt>[] = [
  {
    id: 'who',
    header: 'Who',
    lead: true,
    className: 'max-w-56',
    cell: (receipt) => <span className="block truncate">{personOf(receipt.actor)}</span>,
  },
  { id: 'kind', header: 'Kind', cell: (receipt) => <ReceiptKind kind={receipt.kind} /> },
  {
    id: 'what',
    header: 'What',
    from: 'medium',
    className: 'max-w-72',
    cell: (receipt) => <span className="block truncate text-ink-soft">{whatOf(receipt)}</span>,
  },
  {
    id: 'why',
    header: 'Why',
    from: 'wide',
    className: 'max-w-80',
    cell: (receipt) => <span className="block truncate text-ink-muted">{receipt.justification}</span>,
  },
  { id: 'state', header: 'Second person', cell: (receipt) => <ReceiptState state={receipt.state} /> },
  {
    id: 'when',
    header: 'When',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (receipt) => <RelativeTime iso={receipt.created_at} className="text-ink-soft" />,
  },
]

import { CircleCheck, CircleOff, Hourglass, TimerOff } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { ApiKey } from '@/lib/auth/contract'
import { SCOPE_WORDS } from './scope-words'

const STATES = {
  active: { tone: 'ok', icon: CircleCheck, label: 'Active' },
  expiring: { tone: 'warn', icon: Hourglass, label: 'Expiring' },
  expired: { tone: 'system', icon: TimerOff, label: 'Expired' },
  revoked: { tone: 'bad', icon: CircleOff, label: 'Revoked' },
} as const

export const KeyState = ({ state }: { state: ApiKey['state'] }) => {
  const look = STATES[state]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label}
    </Badge>
  )
}

export const ScopeList = ({ scopes }: { scopes: ApiKey['scopes'] }) => (
  <span className="flex flex-wrap gap-1">
    {scopes.map((scope) => (
      <Badge key={scope} tone={scope === 'admin' || scope === 'prompt:override' ? 'warn' : 'system'}>
        {SCOPE_WORDS[scope].label}
      </Badge>
    ))}
  </span>
)

const never = (text: string) => <span className="text-ink-muted">{text}</span>

export const KEY_COLUMNS: readonly Column<ApiKey>[] = [
  {
    id: 'name',
    header: 'Name',
    lead: true,
    cell: (key) => <span className="truncate">{key.name}</span>,
  },
  { id: 'state', header: 'State', cell: (key) => <KeyState state={key.state} /> },
  {
    id: 'prefix',
    header: 'Begins with',
    from: 'medium',
    cell: (key) => <code className="font-mono text-ink-soft text-meta">{key.prefix}…</code>,
  },
  { id: 'scopes', header: 'Scopes', from: 'wide', cell: (key) => <ScopeList scopes={key.scopes} /> },
  {
    id: 'used',
    header: 'Last used',
    align: 'right',
    from: 'medium',
    cell: (key) => (key.last_used_at ? <RelativeTime iso={key.last_used_at} /> : never('Never')),
  },
  {
    id: 'expires',
    header: 'Expires',
    align: 'right',
    cell: (key) => (key.expires_at ? <RelativeTime iso={key.expires_at} /> : never('Never')),
  },
]

'use client'

import { approvalHref } from '@/components/decisions/decision-words'
import { linkStyle } from '@/components/policies/policy-words'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { ToolAuthorizationView } from '@/lib/adapters/contract'
import { useAuthorizations } from './use-agents'

export const AdapterTools = ({ id }: { id: string }) => (
  <QueryView query={useAuthorizations(id)} what="Its tool calls" skeleton={<Skeleton className="h-40 w-full" />}>
    {({ authorizations, total }) =>
      authorizations.length === 0 ? (
        <p className="text-ink-muted text-table">It has asked for no tool yet.</p>
      ) : (
        <div className="grid gap-2">
          <ul className="divide-y divide-line rounded-md border border-line">
            {authorizations.map((one) => (
              <Authorization key={one.authorization_id} one={one} />
            ))}
          </ul>
          {total > authorizations.length ? (
            <p className="text-ink-muted text-meta">
              The newest {authorizations.length} of {total}
            </p>
          ) : null}
        </div>
      )
    }
  </QueryView>
)

const stateOf = ({ decision, reason, used_at: used, expires_at: until }: ToolAuthorizationView): string => {
  if (decision === 'deny') return reason?.replaceAll('_', ' ') ?? 'refused'
  if (used !== null) return 'token used'
  return until === null ? 'granted' : 'token not used'
}

const Authorization = ({ one }: { one: ToolAuthorizationView }) => {
  const mayOpen = useMay('decision:resolve')
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 text-table">
      <Badge tone={one.decision === 'allow' ? 'ok' : 'bad'}>{one.decision === 'allow' ? 'Granted' : 'Refused'}</Badge>
      <code className="min-w-0 grow break-all font-mono text-meta">{one.tool}</code>
      <span className="text-ink-muted">{stateOf(one)}</span>
      <RelativeTime iso={one.created_at} className="text-ink-muted" />
      {mayOpen ? (
        <a href={approvalHref(one.decision_id)} className={linkStyle}>
          Why
        </a>
      ) : null}
    </li>
  )
}

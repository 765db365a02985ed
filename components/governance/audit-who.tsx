'use client'

import { Bot, KeyRound, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { roleName } from '@/components/shell/role-names'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { formatUtc } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { WhoCould } from '@/lib/governance/contract'
import { useAuditWho } from './use-audit'

export const AuditWho = ({ seq }: { seq: number }) => (
  <QueryView
    query={useAuditWho(String(seq))}
    what="Who could have done this"
    stillWorks="The event itself still stands."
    skeleton={<Skeleton className="h-40 w-full" />}
  >
    {(who) => <Answer who={who} />}
  </QueryView>
)

const OTHERS: Record<WhoCould['needs']['others'][number], string> = {
  system: 'the product itself',
  agent: 'a run with its token',
  adapter: 'an external agent',
  anyone: 'whoever comes to the door',
}

const needed = ({ permissions, scopes, others }: WhoCould['needs']): string =>
  [...permissions, ...scopes.map((scope) => `key with ${scope}`), ...others.map((other) => OTHERS[other])].join(', ')

const Answer = ({ who }: { who: WhoCould }) => (
  <div className="grid gap-4 text-table">
    <p className="break-words text-ink">
      It needs: {needed(who.needs) || 'nothing that the catalogue knows'}.
      {who.roles.length > 0 ? ` Held by ${who.roles.map((role) => roleName(role).toLowerCase()).join(', ')}.` : ''}
    </p>
    <Holders title="People who held it then" count={who.people.length}>
      {who.people.map((person) => (
        <Holder
          key={person.session_id ?? person.break_glass_id ?? person.user_id}
          icon={UserRound}
          name={person.name === null ? person.user_id : `${person.name} (${person.user_id})`}
          how={
            person.through === 'break_glass'
              ? `by break-glass since ${formatUtc(person.since)}`
              : `${roleName(person.role)}, signed in ${formatUtc(person.since)}`
          }
          isActor={person.is_actor}
        />
      ))}
    </Holders>
    <Holders title="Keys that held it then" count={who.keys.length + (who.bootstrap_key ? 1 : 0)}>
      {who.keys.map((key) => (
        <Holder
          key={key.id}
          icon={KeyRound}
          name={key.name}
          how={`${key.scopes.join(', ')}, since ${formatUtc(key.since)}`}
          isActor={key.is_actor}
        />
      ))}
      {who.bootstrap_key ? (
        <Holder icon={Bot} name="The key of the environment" how="AGENT_DAEMON_API_KEY" isActor={false} />
      ) : null}
    </Holders>
    <ul className="grid gap-1 text-ink-muted text-meta">
      {who.is_capped ? <li>More held it than are shown.</li> : null}
      {who.notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  </div>
)

const Holders = ({ title, count, children }: { title: string; count: number; children: ReactNode }) =>
  count === 0 ? null : (
    <section aria-label={title} className="grid gap-2">
      <h4 className="font-semibold text-ink text-table">{title}</h4>
      <ul className="grid gap-2">{children}</ul>
    </section>
  )

type HolderProps = { icon: typeof Bot; name: string; how: string; isActor: boolean }

const Holder = ({ icon: Icon, name, how, isActor }: HolderProps) => (
  <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2">
    <Icon aria-hidden className="mt-0.5 size-4 text-ink-muted" />
    <span className="min-w-0">
      <span className="block break-words text-ink">{name}</span>
      <span className="block break-words text-ink-muted text-meta">{how}</span>
    </span>
    {isActor ? <Badge tone="accent">Did it</Badge> : null}
  </li>
)

import { type ActRight, rightFor } from '@/lib/core/audit-event-facts'
import { isAuditEvent } from '@/lib/core/audit-events'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import { mayReadAll } from './audit-filter'
import type { WhoCould } from './contract'
import { type Holders, holdersAt, rolesHolding } from './holders'
import { presentEntry } from './present'
import { findEntry } from './store'

const UNKNOWN: ActRight = { permissions: [], scopes: [], others: [] }

const notesFor = ({ permissions, scopes, others }: ActRight, isErased: boolean): string[] => [
  ...(isErased ? ['The payload was erased, so the kind of the event is not known any more.'] : []),
  ...(permissions.length > 0
    ? [
        'Roles are those that a session has now; administrators of other tenants and bearer tokens leave no session here.',
      ]
    : []),
  ...(scopes.length > 0 ? ['Keys of other tenants that may act here are not listed.'] : []),
  ...(others.includes('system') ? ['The product itself does this too.'] : []),
  ...(others.includes('adapter') ? ['External agents do this with a token of their own.'] : []),
  ...(others.includes('agent') ? ['A run does this with its own token.'] : []),
  ...(others.includes('anyone') ? ['It needs no right: whoever came to the door caused it.'] : []),
]

const peopleOf = ({ people }: Holders, userId: string | null): WhoCould['people'] =>
  people.map((person) => ({
    user_id: person.userId,
    name: person.name,
    role: person.role,
    through: person.through,
    session_id: person.sessionId,
    break_glass_id: person.breakGlassId,
    since: toWire(person.since),
    is_actor: person.userId === userId,
  }))

const keysOf = ({ keys }: Holders, actor: string): WhoCould['keys'] =>
  keys.map(({ id, name, scopes, since }) => ({
    id,
    name,
    scopes,
    since: toWire(since),
    is_actor: actor === `service:${name}`,
  }))

/** Who could have done this: what it needs by the matrix, and who of this tenant held that at the time. */
export const whoCould = async (scope: Scope, seq: number): Promise<WhoCould> => {
  mayReadAll(scope)
  const row = (await findEntry(scope, seq)) ?? missing('audit event', String(seq))
  const entry = presentEntry(scope.tenantId, row)
  const said = entry.event_data?.['kind']
  const kind = typeof said === 'string' ? said : null
  const right = isAuditEvent(row.eventType) ? rightFor(row.eventType, kind) : UNKNOWN
  const moment = { at: dateOf(row.createdAt), workspaceId: row.workspaceId }
  const holders = await holdersAt(scope.db, moment, right)
  return {
    ...{ seq, event_type: row.eventType, kind, at: row.createdAt, actor: row.actor },
    needs: { permissions: [...right.permissions], scopes: [...right.scopes], others: [...right.others] },
    roles: rolesHolding(right.permissions),
    people: peopleOf(holders, row.userId),
    keys: keysOf(holders, row.actor),
    bootstrap_key: right.scopes.length > 0 && kernel().env.AGENT_DAEMON_API_KEY !== '',
    is_capped: holders.isCapped,
    notes: notesFor(right, row.erasedAt !== null),
  }
}

import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import type { Change } from '../contract'
import { fenceOf } from '../fence'
import { payloadsOf } from '../store-tenant'
import { type Event, wordsOf } from './change-words'
import { newestEvents } from './sql'

const EVENTS = [
  ...['workspace_change', 'config_change', 'skill_published', 'skill_state_changed', 'policy_created_from_trace'],
  ...['policy_created_via_wizard', 'policy_updated_via_wizard', 'ops_override_used', 'break_glass_opened'],
]
const NEWEST = newestEvents(EVENTS)
const MOST_OF_EACH = 200
const MOST_SHOWN = 200

const factsIn = (data: string): Record<string, unknown> => {
  try {
    const value: unknown = data === '' ? {} : JSON.parse(data)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

type Found = Omit<Event, 'facts'> & { seq: bigint; at: Date; actor: string }

const textOrNull = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

const foundIn = (row: Record<string, unknown>): Found => ({
  seq: BigInt(String(row['seq'])),
  type: String(row['eventType']),
  actor: String(row['actor']),
  entityId: textOrNull(row['entityId']),
  workspaceId: textOrNull(row['workspaceId']),
  at: row['createdAt'] instanceof Date ? row['createdAt'] : dateOf(String(row['createdAt'])),
})

const newestFirst = (a: Found, b: Found): number => (a.seq < b.seq ? 1 : -1)

/** What people and releases changed since then, from the audit log, each as far as the caller may know of it. */
export const changesSince = async (scope: Scope, since: Date): Promise<{ changes: Change[]; isCapped: boolean }> => {
  const fence = fenceOf(scope)
  const rows = (await scope.rows(NEWEST, { most: MOST_OF_EACH, workspaces: fence && JSON.stringify(fence) })).map(
    foundIn,
  )
  const recent = rows.filter(({ at }) => at >= since).sort(newestFirst)
  const isFull = EVENTS.some((type) => recent.filter((row) => row.type === type).length === MOST_OF_EACH)
  const payloads = await payloadsOf(
    scope.db,
    recent.map(({ seq }) => seq),
  )
  const facts = new Map(payloads.map(({ seq, data }) => [seq, factsIn(data)]))
  const mayAudit = scope.permissions.has('audit:view')
  const changes = recent.flatMap((row): Change[] => {
    const words = wordsOf({ ...row, facts: facts.get(row.seq) ?? {} })
    if (words === null || !scope.permissions.has(words.permission)) return []
    return [
      {
        seq: Number(row.seq),
        at: toWire(row.at),
        kind: words.kind,
        text: words.text,
        actor: row.actor,
        workspace_id: row.workspaceId,
        href: words.href,
        audit_href: mayAudit ? `/ops/audit?peek=${row.seq}` : null,
      },
    ]
  })
  return { changes: changes.slice(0, MOST_SHOWN), isCapped: isFull || changes.length > MOST_SHOWN }
}

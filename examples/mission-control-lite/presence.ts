import { z } from 'zod'
import type { Caller } from './agent-token'
import { type Asked, type Endpoint, parsed } from './endpoint'
import { Refusal } from './refusal'

type AskedBy = Asked & { caller: Caller }

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const Heartbeat = z.object({ user_id: z.string().min(1) })
const Standup = Heartbeat.extend({
  timezone: z.string().default('UTC').refine(isTimeZone, 'must be an IANA time zone'),
})

const ownUser = (caller: Caller, userId: string) => {
  if (caller.userId !== userId) throw new Refusal(403, 'user_id is not the one of the token', 'permission_denied')
}

const count = ({ store, caller }: AskedBy, table: 'tasks' | 'notifications', where: string): number =>
  Number(
    store.one(
      `SELECT count(*) AS n FROM ${table} WHERE tenant_id = ? AND user_id = ? AND ${where}`,
      caller.tenantId,
      caller.userId,
    )?.['n'],
  )

const heartbeat = (asked: AskedBy) => {
  const { user_id } = parsed(Heartbeat, asked.body)
  ownUser(asked.caller, user_id)
  const at = asked.store.now()
  asked.store.run(
    'INSERT OR REPLACE INTO heartbeats (tenant_id, user_id, seen_at) VALUES (?, ?, ?)',
    asked.caller.tenantId,
    user_id,
    at,
  )
  return {
    status: 'ok',
    user_id,
    at,
    open_tasks: count(asked, 'tasks', "status IN ('pending', 'in_progress', 'blocked')"),
    unread_notifications: count(asked, 'notifications', 'delivered_at IS NULL'),
  }
}

const standup = (asked: AskedBy) => {
  const { user_id, timezone } = parsed(Standup, asked.body)
  ownUser(asked.caller, user_id)
  const at = new Date(asked.store.now())
  const rows = asked.store.all(
    'SELECT title, status FROM tasks WHERE tenant_id = ? AND user_id = ? ORDER BY updated_at DESC LIMIT 100',
    asked.caller.tenantId,
    user_id,
  )
  const titles = (...statuses: string[]) =>
    rows.filter(({ status }) => statuses.includes(String(status))).map(({ title }) => title)
  return {
    status: 'ok',
    user_id,
    timezone,
    date: new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at),
    done: titles('completed'),
    doing: titles('in_progress'),
    next: titles('pending'),
    blocked: titles('blocked'),
  }
}

export const PRESENCE: readonly Endpoint[] = [
  { method: 'POST', path: '/api/mission-control/heartbeat', guard: 'agent', answer: heartbeat },
  { method: 'POST', path: '/api/mission-control/standup', guard: 'agent', answer: standup },
]

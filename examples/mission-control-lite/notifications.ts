import { randomUUID } from 'node:crypto'
import type { Caller } from './agent-token'
import type { Row } from './database'
import { type Asked, type Endpoint, type House, wholeNumber } from './endpoint'
import { invalid, Refusal } from './refusal'

type Owner = Pick<Caller, 'tenantId' | 'userId'>

const present = ({ id, content, session_key, created_at, delivered_at }: Row) => ({
  id,
  content,
  session_key,
  created_at,
  read: delivered_at !== null,
})

export const addNotification = (house: House, owner: Owner, { role, content }: { role: string; content: string }) => {
  const row = house.store.one(
    'INSERT INTO notifications (id, tenant_id, user_id, session_key, content) VALUES (?, ?, ?, ?, ?) RETURNING *',
    `ntf_${randomUUID()}`,
    owner.tenantId,
    owner.userId,
    `user:${owner.userId}:${role}`,
    content,
  )
  const notification = present(row ?? {})
  house.feed.tell(owner, 'notification.created', notification)
  return notification
}

const mine = ({ store, caller, query }: Asked & { caller: Caller }) => {
  const unread = query.get('unread') === 'true' ? 'AND delivered_at IS NULL' : ''
  const rows = store.all(
    `SELECT * FROM notifications WHERE tenant_id = ? AND user_id = ? ${unread} ORDER BY seq DESC LIMIT 100`,
    caller.tenantId,
    caller.userId,
  )
  return { items: rows.map(present) }
}

// When each was handed out last: turns are counted, since many fall into one millisecond.
const HANDED = 'CREATE TABLE IF NOT EXISTS handed_out (id TEXT PRIMARY KEY, turn INTEGER NOT NULL)'

// A few of each person, a few people at a time, and who waited longest comes first: neither a busy person nor one who
// cannot be reached holds up another.
const WAITING = `
WITH waiting AS (SELECT n.*, coalesce(h.turn, 0) AS tried FROM notifications n LEFT JOIN handed_out h ON h.id = n.id
    WHERE delivered_at IS NULL),
  people AS (SELECT *, max(tried) OVER one AS last_tried, min(seq) OVER one AS oldest FROM waiting
    WINDOW one AS (PARTITION BY tenant_id, user_id)),
  ranked AS (SELECT *, dense_rank() OVER (ORDER BY last_tried, oldest) AS person,
    row_number() OVER (PARTITION BY tenant_id, user_id ORDER BY tried, seq) AS place FROM people)
SELECT id, tenant_id, user_id, session_key, content FROM ranked WHERE person <= ? AND place <= ? ORDER BY seq`

const NOTE = `INSERT INTO handed_out (id, turn) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET turn = excluded.turn`

const handOut = (store: House['store'], users: number, each: number): Row[] => {
  store.run(HANDED)
  return store.together(() => {
    const turn = Number(store.one('SELECT coalesce(max(turn), 0) + 1 AS next FROM handed_out')?.['next'])
    const rows = store.all(WAITING, users, each)
    for (const { id } of rows) store.run(NOTE, id, turn)
    return rows
  })
}

const undelivered = ({ store, query }: Asked) => {
  const users = wholeNumber(query, 'limit_users', 25, 1000)
  const each = wholeNumber(query, 'limit_notifications', 25, 1000)
  return {
    deliveries: handOut(store, users, each).map(({ id, tenant_id, user_id, session_key, content }) => ({
      tenant_id,
      user_id,
      session_key,
      notification_id: id,
      content,
    })),
  }
}

// Twice is as good as once: a lost answer is simply asked for again.
const deliver = ({ store, params, query }: Asked) => {
  const userId = query.get('user_id')
  if (!userId) throw invalid('user_id is required')
  const row = store.one(
    `UPDATE notifications SET delivered_at = coalesce(delivered_at, ?) WHERE id = ? AND user_id = ? RETURNING id`,
    store.now(),
    params['id'],
    userId,
  )
  if (!row) throw new Refusal(404, 'Notification not found', 'not_found')
  return { status: 'ok', notification_id: row['id'] }
}

const DISPATCH = '/api/mission-control/dispatch'

export const NOTIFICATIONS: readonly Endpoint[] = [
  { method: 'GET', path: '/api/mission-control/notifications', guard: 'agent', answer: mine },
  { method: 'GET', path: `${DISPATCH}/undelivered`, guard: 'internal', answer: undelivered },
  { method: 'POST', path: `${DISPATCH}/undelivered`, guard: 'internal', answer: undelivered },
  { method: 'POST', path: `${DISPATCH}/notifications/{id}/deliver`, guard: 'internal', answer: deliver },
  {
    method: 'GET',
    path: '/api/mission-control/events',
    guard: 'agent',
    stream: ({ feed, caller }, response) => feed.follow(caller, response),
  },
]

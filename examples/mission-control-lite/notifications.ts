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

// The oldest of each person, a few people at a time, so that one busy person holds up nobody.
const WAITING = `
SELECT id, tenant_id, user_id, session_key, content FROM (
  SELECT *, dense_rank() OVER (ORDER BY tenant_id, user_id) AS person,
    row_number() OVER (PARTITION BY tenant_id, user_id ORDER BY seq) AS turn
  FROM notifications WHERE delivered_at IS NULL)
WHERE person <= ? AND turn <= ? ORDER BY seq`

const undelivered = ({ store, query }: Asked) => {
  const users = wholeNumber(query, 'limit_users', 25, 1000)
  const each = wholeNumber(query, 'limit_notifications', 25, 1000)
  const rows = store.all(WAITING, users, each)
  return {
    deliveries: rows.map(({ id, tenant_id, user_id, session_key, content }) => ({
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

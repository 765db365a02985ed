import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Caller } from './agent-token'
import { create } from './create'
import type { Row } from './database'
import { type Asked, type Endpoint, parsed } from './endpoint'
import { invalid, Refusal } from './refusal'
import { IdempotencyKey } from './tasks'

type AskedBy = Asked & { caller: Caller }

const NewRequest = z.object({
  title: z.string().trim().min(1).max(500),
  justification: z.string().min(1).max(10_000),
  interface: z.string().min(1).max(10_000),
  scope: z.string().min(1).max(500),
  risk_level: z.enum(['low', 'medium', 'high', 'critical']),
  idempotency_key: IdempotencyKey,
})

const STATUSES = ['pending', 'approved', 'denied'] as const

const Decision = z.object({
  id: z.string().optional(),
  status: z.enum(['approved', 'denied']),
  reason: z.string().max(10_000).optional(),
})

const COLUMNS = 'id, title, justification, interface, scope, risk_level, status, reason, decided_by, decided_at'

const present = (row: Row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

const list = ({ store, caller, query }: AskedBy) => {
  const status = query.get('status')
  if (status !== null && !STATUSES.some((known) => known === status)) throw invalid('status is not known')
  const rows = store.all(
    `SELECT ${COLUMNS} FROM tool_requests WHERE tenant_id = ? AND user_id = ? AND coalesce(?, status) = status
     ORDER BY seq DESC LIMIT 100`,
    caller.tenantId,
    caller.userId,
    status,
  )
  return { items: rows.map(present) }
}

const add = (asked: AskedBy) => {
  const input = parsed(NewRequest, asked.body)
  const { caller, store } = asked
  const insert = () =>
    store.one(
      `INSERT INTO tool_requests (id, tenant_id, user_id, title, justification, interface, scope, risk_level)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
      `req_${randomUUID()}`,
      caller.tenantId,
      caller.userId,
      input.title,
      input.justification,
      input.interface,
      input.scope,
      input.risk_level,
    )
  return create(asked, caller, { what: 'tool_request', input, insert: () => present(insert() ?? {}) })
}

// Decided once. Whoever decides second is told so.
const decide = ({ store, caller, params, body }: AskedBy) => {
  const input = parsed(Decision, body)
  const id = params['id'] ?? input.id
  if (id === undefined) throw invalid('id is required')
  const owner = [id, caller.tenantId, caller.userId] as const
  const row = store.one(
    `UPDATE tool_requests SET status = ?, reason = ?, decided_by = ?, decided_at = ?
     WHERE id = ? AND tenant_id = ? AND user_id = ? AND status = 'pending' RETURNING ${COLUMNS}`,
    ...[input.status, input.reason ?? null, caller.userId, store.now(), ...owner],
  )
  if (row) return present(row)
  if (store.one('SELECT id FROM tool_requests WHERE id = ? AND tenant_id = ? AND user_id = ?', ...owner))
    throw new Refusal(409, 'The request was already decided', 'already_decided')
  throw new Refusal(404, 'Tool request not found', 'not_found')
}

const PATH = '/api/mission-control/tool-requests'

export const TOOL_REQUESTS: readonly Endpoint[] = [
  { method: 'GET', path: PATH, guard: 'agent', answer: list },
  { method: 'POST', path: PATH, guard: 'agent', answer: add },
  { method: 'PATCH', path: PATH, guard: 'agent', answer: decide },
  { method: 'PATCH', path: `${PATH}/{id}`, guard: 'agent', answer: decide },
]

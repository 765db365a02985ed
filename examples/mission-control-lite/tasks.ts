import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Caller } from './agent-token'
import { create } from './create'
import type { Row, Store } from './database'
import { type Endpoint, parsed, wholeNumber } from './endpoint'
import { invalid, unknownTask } from './refusal'

const STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const

export const IdempotencyKey = z.string().min(1).max(200).optional()

const NewTask = z.object({
  title: z.string().trim().min(1).max(500),
  description: z.string().max(10_000).nullish(),
  status: z.enum(STATUSES).default('in_progress'),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  idempotency_key: IdempotencyKey,
})

const present = ({ id, title, status, description, metadata, created_at, updated_at }: Row) => ({
  id,
  title,
  status,
  ...(description === null ? {} : { description }),
  ...(metadata === null ? {} : { metadata: JSON.parse(String(metadata)) }),
  created_at,
  updated_at,
})

export const ownTask = (store: Store, who: Caller, id: string): Row => {
  const task = store.one(
    'SELECT * FROM tasks WHERE id = ? AND tenant_id = ? AND user_id = ?',
    id,
    who.tenantId,
    who.userId,
  )
  if (!task) throw unknownTask()
  return task
}

// Somebody worked on it: it moves in the eyes of whoever follows the events.
export const touchTask = (store: Store, id: string): unknown => {
  const row = store.one('UPDATE tasks SET updated_at = ? WHERE id = ? RETURNING *', store.now(), id)
  return row && present(row)
}

const insert = (store: Store, who: Caller, input: z.output<typeof NewTask>) => {
  const row = store.one(
    `INSERT INTO tasks (id, tenant_id, user_id, title, description, status, metadata) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    `task_${randomUUID()}`,
    who.tenantId,
    who.userId,
    input.title,
    input.description ?? null,
    input.status,
    input.metadata ? JSON.stringify(input.metadata) : null,
  )
  return present(row ?? {})
}

const CURSOR = /^[A-Za-z0-9_-]{1,24}$/
const encode = (seq: unknown) => Buffer.from(String(seq)).toString('base64url')

const decode = (cursor: string): number => {
  const seq = CURSOR.test(cursor) ? Number(Buffer.from(cursor, 'base64url').toString()) : Number.NaN
  if (!Number.isSafeInteger(seq) || seq < 1) throw invalid('cursor was not issued here')
  return seq
}

// Newest first. `title` is an addition of this backend: it finds one task among thousands by its exact title.
const list = (store: Store, who: Caller, query: URLSearchParams) => {
  const limit = wholeNumber(query, 'limit', 50, 100)
  const cursor = query.get('cursor')
  const title = query.get('title')
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : decode(cursor)
  const rows = store.all(
    `SELECT * FROM tasks WHERE tenant_id = ? AND user_id = ? AND seq < ? ${title === null ? '' : 'AND title = ?'}
     ORDER BY seq DESC LIMIT ?`,
    ...[who.tenantId, who.userId, before, ...(title === null ? [] : [title]), limit + 1],
  )
  const items = rows.slice(0, limit)
  return {
    items: items.map(present),
    ...(rows.length > limit ? { next_cursor: encode(items.at(-1)?.['seq']) } : {}),
  }
}

const PATH = '/api/mission-control/tasks'

export const TASKS: readonly Endpoint[] = [
  { method: 'GET', path: PATH, guard: 'agent', answer: ({ store, caller, query }) => list(store, caller, query) },
  {
    method: 'POST',
    path: PATH,
    guard: 'agent',
    answer: (asked) => {
      const input = parsed(NewTask, asked.body)
      const { caller, store, feed } = asked
      return create(asked, caller, {
        what: 'task',
        hooked: 'task_create',
        input,
        insert: () => insert(store, caller, input),
        tell: (task) => feed.tell(caller, 'task.created', task),
      })
    },
  },
]

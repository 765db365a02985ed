import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { type Ask, callFor } from './ask'
import { isStatus } from './failure'
import { Task, TaskPage } from './wire'

const PATH = '/api/mission-control/tasks'
const PAGE = '100'
const MAX_PAGES = 20
const KEEP_MS = 60_000
const MAX_KEPT = 10_000

export type NewTask = { title: string; description?: string; status?: string; metadata?: object }

type Kept = LRUCache<string, string>

// Which task carries which title, for a minute: a conversation does not list all tasks for every message.
const kept = (): Kept => kernel().slot('control-plane.tasks', () => new LRUCache({ max: MAX_KEPT, ttl: KEEP_MS }))

const placeOf = ({ tenantId, userId }: Ask, title: string) => JSON.stringify([tenantId, userId, title])

export const listTasks = (ask: Ask, query: { limit?: string; cursor?: string; title?: string } = {}) =>
  callFor(ask, { what: 'list tasks', method: 'GET', path: PATH, query, reply: TaskPage, repeats: 'keyed' })

// A backend that knows `title` answers with the one task; others ignore it, so every page is looked through.
const findTask = async (ask: Ask, title: string): Promise<string | null> => {
  let cursor: string | null | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, next_cursor } = await listTasks(ask, { limit: PAGE, title, ...(cursor ? { cursor } : {}) })
    const match = items.find((task) => task.title === title)
    if (match) return match.id
    if (!next_cursor || next_cursor === cursor) return null
    cursor = next_cursor
  }
  return null
}

export const createTask = (ask: Ask, task: NewTask, key: string): Promise<Task> =>
  callFor(ask, {
    what: 'create task',
    method: 'POST',
    path: PATH,
    body: { ...task, idempotency_key: key },
    reply: Task.partial({ title: true }).transform((made) => ({ ...made, title: made.title ?? task.title })),
    repeats: 'keyed',
  })

export const taskKey = (userId: string, title: string): string =>
  `task:${createHash('sha256').update(`${userId}\n${title}`).digest('hex').slice(0, 32)}`

// The key is the same for everybody who needs this title, so two at once make one task. A backend that holds another
// request under it says 409: then somebody was faster, or the task is gone and the key is spent.
const make = async (ask: Ask, task: NewTask): Promise<{ id: string; created: boolean }> => {
  try {
    return { id: (await createTask(ask, task, taskKey(ask.userId, task.title))).id, created: true }
  } catch (error) {
    if (!isStatus(error, 409)) throw error
  }
  const found = await findTask(ask, task.title)
  if (found) return { id: found, created: false }
  return { id: (await createTask(ask, task, `${ask.traceId}:task`)).id, created: true }
}

export const resolveTask = async (ask: Ask, task: NewTask): Promise<{ id: string; created: boolean }> => {
  const place = placeOf(ask, task.title)
  const known = kept().get(place)
  if (known) return { id: known, created: false }
  const found = await findTask(ask, task.title)
  const result = found ? { id: found, created: false } : await make(ask, task)
  kept().set(place, result.id)
  return result
}

export const forgetTask = (ask: Ask, title: string): void => void kept().delete(placeOf(ask, title))

import type { Scope } from '@/lib/core/scope'
import { type Ask, callFor } from './ask'
import { isStatus } from './failure'
import { createTask, forgetTask, listTasks, type NewTask, resolveTask } from './tasks'
import { callTool, listTools } from './tools'
import { Created, type ListedTool, type Task } from './wire'

type Agent = {
  userId: string
  role: string
  traceId: string
  workspaceId: string
  token: string
  signal: AbortSignal
}

type Message = { taskId: string; content: string; key: string }
type Document = { taskId: string; title: string; content: string; docType: string; key: string }
// The task under which it now stands: another than asked for if that one was gone and was found again by its title.
type Posted = { id: string; taskId: string }

export type Backend = {
  resolveTask(
    title: string,
    extra: { description?: string; metadata?: object },
  ): Promise<{ id: string; created: boolean }>
  postMessage(message: Message): Promise<Posted>
  postDocument(document: Document): Promise<Posted>
  listTools(): Promise<readonly ListedTool[]>
  callTool(name: string, args: Record<string, unknown>, key: string): Promise<unknown>
  listTasks(query?: { limit?: number; cursor?: string }): Promise<{ items: Task[]; nextCursor: string | null }>
  createTask(task: NewTask, key: string): Promise<Task>
}

const postMessage = (ask: Ask, { taskId, content, key }: Message) =>
  callFor(ask, {
    what: 'post message',
    method: 'POST',
    path: '/api/mission-control/messages',
    body: { task_id: taskId, content, actor_type: 'agent', agent_role: ask.role, idempotency_key: key },
    reply: Created,
    repeats: 'keyed',
  })

const postDocument = (ask: Ask, { taskId, title, content, docType, key }: Document) =>
  callFor(ask, {
    what: 'post document',
    method: 'POST',
    path: '/api/mission-control/documents',
    body: { title, content, task_id: taskId, doc_type: docType, idempotency_key: key },
    reply: Created,
    repeats: 'keyed',
  })

const taskOf = (title: string, extra: { description?: string; metadata?: object }): NewTask => ({
  title,
  description: extra.description ?? `Agent thread: ${title}`,
  status: 'in_progress',
  metadata: extra.metadata ?? { type: 'agent_thread' },
})

// Tasks that were found by title in this run, so that one that is gone meanwhile is looked for once more.
const rememberingTasks = (ask: Ask) => {
  const wanted = new Map<string, NewTask>()
  const resolve = async (task: NewTask) => {
    const found = await resolveTask(ask, task)
    wanted.set(found.id, task)
    return found
  }
  // The backend still answers the first create of a task that it has dropped.
  const replace = async (task: NewTask) => {
    const { id } = await createTask(ask, task, `${ask.traceId}:task`)
    wanted.set(id, task)
    return id
  }
  const post = async (taskId: string, send: (taskId: string) => Promise<{ id: string }>): Promise<Posted> => {
    try {
      return { id: (await send(taskId)).id, taskId }
    } catch (error) {
      const task = wanted.get(taskId)
      if (!task || !isStatus(error, 404)) throw error
      forgetTask(ask, task.title)
      const again = await resolve(task)
      const id = again.id === taskId ? await replace(task) : again.id
      return { id: (await send(id)).id, taskId: id }
    }
  }
  return { resolve, post }
}

/** The backend as one run sees it: with its token, for its user, in its tenant. Every failure is a Problem. */
export const backendFor = (scope: Scope, agent: Agent): Backend => {
  const ask: Ask = { ...agent, tenantId: scope.tenantId }
  const tasks = rememberingTasks(ask)
  return {
    resolveTask: (title, extra) => tasks.resolve(taskOf(title, extra)),
    postMessage: (message) => tasks.post(message.taskId, (taskId) => postMessage(ask, { ...message, taskId })),
    postDocument: (document) => tasks.post(document.taskId, (taskId) => postDocument(ask, { ...document, taskId })),
    listTools: () => listTools(ask),
    callTool: (name, args, key) => callTool(ask, name, args, key),
    listTasks: async ({ limit = 50, cursor } = {}) => {
      const page = await listTasks(ask, { limit: String(limit), ...(cursor ? { cursor } : {}) })
      return { items: page.items, nextCursor: page.next_cursor ?? null }
    },
    createTask: (task, key) => createTask(ask, task, key),
  }
}

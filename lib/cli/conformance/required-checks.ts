import { z } from 'zod'
import type { Check, Desk } from './desk'
import { CAPABILITIES, CREATE_TASK, fail, MC, mustBe, mustEqual, theTask } from './expect'
import { Capabilities, Document, Features, Message, Task, TaskPage } from './shapes'

const Told = z.object({ features: Features })

const MAX_PAGES = 20

const newTask = (desk: Desk) => ({ title: `Conformance ${desk.run}`, idempotency_key: `conformance-${desk.run}:task` })

const capabilities = async (desk: Desk) => {
  const answer = await desk.ask(`${MC}/capabilities`)
  const told = Told.safeParse(answer.body)
  // One missing flag is one failed line: what is announced is looked at all the same.
  if (answer.status === 200 && told.success) desk.found.features = told.data.features
  mustBe('capabilities', answer, Capabilities)
}

const createTask = async (desk: Desk) => {
  const body = newTask(desk)
  const task = mustBe('create', await desk.ask(`${MC}/tasks`, { body }), Task)
  if (task.title !== body.title) fail(`create: the title came back as ${JSON.stringify(task.title)}`)
  if (task.status !== 'in_progress') fail(`create: status is ${task.status}, without one it is in_progress`)
  desk.found.task = { task, key: body.idempotency_key }
}

const repeatTask = async (desk: Desk) => {
  const { id, task } = theTask(desk)
  const again = mustBe('repeat', await desk.ask(`${MC}/tasks`, { body: newTask(desk) }), Task)
  if (again.id !== id) fail(`repeat: the same key made a second task, ${again.id} besides ${id}`)
  mustEqual('repeat', task, again)
}

const listTasks = async (desk: Desk) => {
  const { id } = theTask(desk)
  const page = { cursor: '' }
  for (let n = 0; n < MAX_PAGES; n++) {
    const query = page.cursor === '' ? '' : `&cursor=${encodeURIComponent(page.cursor)}`
    const { items, next_cursor } = mustBe('list', await desk.ask(`${MC}/tasks?limit=100${query}`), TaskPage)
    if (items.some((task) => task.id === id)) return
    if (!next_cursor) break
    page.cursor = next_cursor
  }
  fail(`list: the task ${id} that was just created is not among them`)
}

const postMessage = async (desk: Desk) => {
  const { id: task_id } = theTask(desk)
  const content = 'Hello from the conformance check — ünïcödé 🙂'
  const key = { idempotency_key: `conformance-${desk.run}:message` }
  const body = { task_id, content, actor_type: 'agent', agent_role: 'conformance', ...key }
  const message = mustBe('post', await desk.ask(`${MC}/messages`, { body }), Message)
  if (message.task_id !== task_id) fail('post: task_id is not the one that was sent')
  if (message.content !== content) fail('post: the content came back changed')
}

const postDocument = async (desk: Desk) => {
  const { id: task_id } = theTask(desk)
  const key = { idempotency_key: `conformance-${desk.run}:document` }
  const body = { task_id, title: 'Conformance', content: '# Findings', doc_type: 'note', ...key }
  const document = mustBe('post', await desk.ask(`${MC}/documents`, { body }), Document)
  if (document.task_id !== task_id) fail('post: task_id is not the one that was sent')
  if (document.title !== body.title) fail('post: the title came back changed')
}

export const REQUIRED_CHECKS: readonly Check[] = [
  { name: CAPABILITIES, run: capabilities },
  { name: CREATE_TASK, run: createTask },
  { name: 'idempotency repeat create', run: repeatTask },
  { name: 'list tasks', run: listTasks },
  { name: 'post message', run: postMessage },
  { name: 'post document', run: postDocument },
]

import { randomUUID } from 'node:crypto'
import { bodyOf } from './bodies'
import type { Check, Desk } from './desk'
import { fail, MC, mustBe, mustRefuse, theTask } from './expect'
import { Document, Message, Task } from './shapes'

const emptyMessage = async (desk: Desk) => {
  const body = bodyOf('messages', theTask(desk).id, '')
  mustRefuse('an empty message', await desk.ask(`${MC}/messages`, { body }), 400)
}

const missingTitle = async (desk: Desk) =>
  mustRefuse('a task without a title', await desk.ask(`${MC}/tasks`, { body: {} }), 400)

const unknownStatus = async (desk: Desk) => {
  const body = { title: `Status of ${desk.run}`, status: `conformance_${desk.run}` }
  mustRefuse('a task with an unknown status', await desk.ask(`${MC}/tasks`, { body }), 400)
}

const unknownType = async (desk: Desk) => {
  const body = { ...bodyOf('documents', theTask(desk).id, 'x'), doc_type: `conformance_${desk.run}` }
  mustRefuse('a document of an unknown type', await desk.ask(`${MC}/documents`, { body }), 400)
}

const unknownTask = async (desk: Desk) => {
  for (const kind of ['messages', 'documents'] as const) {
    const body = bodyOf(kind, randomUUID(), 'Lost')
    mustRefuse(`${kind} to an unknown task`, await desk.ask(`${MC}/${kind}`, { body }), 404)
  }
}

const DOC_TYPES = ['deliverable', 'research', 'plan', 'standup', 'note']

const keptTypes = async (desk: Desk) => {
  const { id: task_id } = theTask(desk)
  for (const doc_type of DOC_TYPES) {
    const body = { task_id, title: doc_type, content: 'x', doc_type }
    const kept = mustBe(doc_type, await desk.ask(`${MC}/documents`, { body }), Document)
    if (kept.doc_type !== doc_type) fail(`a document of type ${doc_type} became ${kept.doc_type}`)
  }
}

// What v1 adds later must not trip who was finished before.
const unknownFields = async (desk: Desk) => {
  const { id } = theTask(desk)
  const more = { x_conformance: { of: desk.run } }
  const task = { ...bodyOf('tasks', id, `More of ${desk.run}`), ...more }
  mustBe('a task', await desk.ask(`${MC}/tasks`, { body: task }), Task)
  const message = { ...bodyOf('messages', id, 'More'), ...more }
  mustBe('a message', await desk.ask(`${MC}/messages`, { body: message }), Message)
  const document = { ...bodyOf('documents', id, 'More'), ...more }
  mustBe('a document', await desk.ask(`${MC}/documents`, { body: document }), Document)
}

const optionalFields = async (desk: Desk) => {
  const title = `All of ${desk.run}`
  const metadata = { type: 'agent_thread', run: desk.run }
  const task = { title, description: 'Everything a task may carry', status: 'pending', metadata }
  const { id: task_id, status } = mustBe('a task', await desk.ask(`${MC}/tasks`, { body: task }), Task)
  if (status !== 'pending') fail(`a pending task became ${status}`)
  const message = { task_id, content: 'x', actor_type: 'agent', actor_id: 'conformance', agent_role: 'conformance' }
  for (const attachments of [{ files: [] }, null])
    mustBe('a message', await desk.ask(`${MC}/messages`, { body: { ...message, attachments } }), Message)
}

export const FIELD_CHECKS: readonly Check[] = [
  { name: 'empty message 400', run: emptyMessage },
  { name: 'task without title 400', run: missingTitle },
  { name: 'unknown task status 400', run: unknownStatus },
  { name: 'unknown document type 400', run: unknownType },
  { name: 'unknown task 404', run: unknownTask },
  { name: 'document types are kept', run: keptTypes },
  { name: 'unknown fields are ignored', run: unknownFields },
  { name: 'all agreed fields are taken', run: optionalFields },
]

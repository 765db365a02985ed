import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Caller } from './agent-token'
import { create } from './create'
import { type Asked, type Endpoint, parsed } from './endpoint'
import { addNotification } from './notifications'
import { IdempotencyKey, ownTask, touchTask } from './tasks'

const MOST = 200_000

const NewMessage = z.object({
  task_id: z.string().min(1).max(200),
  content: z
    .string()
    .max(MOST)
    .refine((text) => text.trim() !== '', 'must not be empty'),
  actor_type: z.enum(['agent', 'user']).default('agent'),
  actor_id: z.string().max(200).nullish(),
  agent_role: z.string().max(64).nullish(),
  attachments: z.record(z.string(), z.unknown()).nullish(),
  idempotency_key: IdempotencyKey,
})

const insertMessage = ({ store }: Asked, who: Caller, input: z.output<typeof NewMessage>) => {
  ownTask(store, who, input.task_id)
  const row = store.one(
    `INSERT INTO messages (id, tenant_id, user_id, task_id, content, actor_type, actor_id, agent_role, attachments)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id, task_id, content, actor_type, agent_role, created_at`,
    `msg_${randomUUID()}`,
    who.tenantId,
    who.userId,
    input.task_id,
    input.content,
    input.actor_type,
    input.actor_id ?? null,
    input.agent_role ?? null,
    input.attachments ? JSON.stringify(input.attachments) : null,
  )
  return row ?? {}
}

// What a person writes waits for the agent: the dispatcher carries it over.
const passOn = (asked: Asked, who: Caller, input: z.output<typeof NewMessage>) => {
  if (input.actor_type === 'user')
    addNotification(asked, who, { role: input.agent_role ?? 'agent', content: input.content })
}

const postMessage = (asked: Asked & { caller: Caller }) => {
  const input = parsed(NewMessage, asked.body)
  const { caller, store, feed } = asked
  return create(asked, caller, {
    what: 'message',
    hooked: 'message_post',
    input,
    insert: () => insertMessage(asked, caller, input),
    tell: (message) => {
      feed.tell(caller, 'message.created', message)
      feed.tell(caller, 'task.updated', touchTask(store, input.task_id))
      passOn(asked, caller, input)
    },
  })
}

const NewDocument = z.object({
  title: z.string().trim().min(1).max(500),
  content: z.string().min(1).max(MOST),
  task_id: z.string().min(1).max(200),
  doc_type: z.enum(['deliverable', 'research', 'plan', 'standup', 'note']).default('deliverable'),
  idempotency_key: IdempotencyKey,
})

const insertDocument = ({ store }: Asked, who: Caller, input: z.output<typeof NewDocument>) => {
  ownTask(store, who, input.task_id)
  const row = store.one(
    `INSERT INTO documents (id, tenant_id, user_id, task_id, title, content, doc_type) VALUES (?, ?, ?, ?, ?, ?, ?)
     RETURNING id, title, doc_type, task_id, created_at`,
    `doc_${randomUUID()}`,
    who.tenantId,
    who.userId,
    input.task_id,
    input.title,
    input.content,
    input.doc_type,
  )
  return row ?? {}
}

const postDocument = (asked: Asked & { caller: Caller }) => {
  const input = parsed(NewDocument, asked.body)
  const { caller, feed } = asked
  return create(asked, caller, {
    what: 'document',
    hooked: 'document_post',
    input,
    insert: () => insertDocument(asked, caller, input),
    tell: (document) => feed.tell(caller, 'document.created', document),
  })
}

export const MESSAGES: readonly Endpoint[] = [
  { method: 'POST', path: '/api/mission-control/messages', guard: 'agent', answer: postMessage },
  { method: 'POST', path: '/api/mission-control/documents', guard: 'agent', answer: postDocument },
]

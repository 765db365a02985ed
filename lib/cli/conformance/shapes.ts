import { z } from 'zod'

const Id = z.string().min(1)

export const Features = z.record(z.string(), z.unknown())

const FLAGS = [
  'tasks',
  'messages',
  'documents',
  'notifications_dispatch',
  'events_sse',
  'heartbeat',
  'standup',
  'tool_requests',
] as const

export const Capabilities = z.object({
  contract_version: z.literal('v1'),
  features: z.looseObject(Object.fromEntries(FLAGS.map((flag) => [flag, z.boolean(`${flag} must be true or false`)]))),
})

export const Task = z.object({
  id: Id,
  title: z.string(),
  status: z.enum(['pending', 'in_progress', 'blocked', 'completed', 'cancelled']),
  description: z.string().nullish(),
})

export const TaskPage = z.object({ items: z.array(Task), next_cursor: z.string().nullish() })

export const Message = z.object({ id: Id, task_id: z.string(), content: z.string() })

export const Document = z.object({ id: Id, title: z.string(), doc_type: z.string(), task_id: z.string() })

const Delivery = z
  .object({ user_id: Id, session_key: z.string(), notification_id: Id, content: z.string() })
  .refine(
    ({ user_id, session_key }) => session_key.startsWith(`user:${user_id}:`),
    'session_key is user:<user_id>:<role>',
  )

export const Deliveries = z.object({ deliveries: z.array(Delivery) })

export const NotificationList = z.object({ items: z.array(z.object({ id: Id, content: z.string() })) })

export const ToolRequest = z.object({ id: Id, status: z.enum(['pending', 'approved', 'denied']) })

export const ToolRequestList = z.object({ items: z.array(ToolRequest) })

export const ToolList = z.object({
  tools: z.array(z.object({ name: Id, description: z.string(), parameters: z.record(z.string(), z.unknown()) })),
})

export const Anything = z.unknown()

import { z } from 'zod'

const Id = z.string().min(1)

export const Capabilities = z.object({
  contract_version: z.literal('v1'),
  features: z.record(z.string(), z.unknown()),
})

export const Task = z.object({
  id: Id,
  title: z.string(),
  status: z.enum(['pending', 'in_progress', 'blocked', 'completed', 'cancelled']),
})

export const TaskPage = z.object({ items: z.array(Task), next_cursor: z.string().nullish() })

export const Message = z.object({ id: Id, task_id: z.string(), content: z.string() })

export const Document = z.object({ id: Id, title: z.string(), doc_type: z.string(), task_id: z.string() })

export const Deliveries = z.object({
  deliveries: z.array(
    z.object({ user_id: Id, session_key: z.string().startsWith('user:'), notification_id: Id, content: z.string() }),
  ),
})

export const ToolRequest = z.object({ id: Id, status: z.enum(['pending', 'approved', 'denied']) })

export const ToolList = z.object({
  tools: z.array(z.object({ name: Id, description: z.string(), parameters: z.record(z.string(), z.unknown()) })),
})

export const Anything = z.unknown()

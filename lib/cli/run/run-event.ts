import { z } from 'zod'

const Delivery = z.enum(['posted', 'pending', 'suppressed', 'none', 'refused'])

const Usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() })
const Cost = z.object({ model: z.string(), total_cost: z.number() })

const Done = z.object({
  type: z.literal('done'),
  trace_id: z.string(),
  task_id: z.string().nullable(),
  response: z.string(),
  usage: Usage,
  cost: Cost,
  delivery: Delivery,
  suppressed: z.boolean().optional(),
  stop_reason: z.string(),
  context_warning: z.string().optional(),
})
export type Done = z.output<typeof Done>

// What a newer server says besides is passed over.
export const RunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), trace_id: z.string() }),
  z.object({ type: z.literal('chunk'), data: z.string() }),
  z.object({ type: z.literal('tool_call'), name: z.string(), permitted: z.boolean() }),
  z.object({ type: z.literal('tool_result'), name: z.string(), success: z.boolean(), duration_ms: z.number() }),
  Done,
  z.object({ type: z.literal('error'), error: z.string(), code: z.string(), trace_id: z.string().optional() }),
])
export type RunEvent = z.output<typeof RunEvent>

import { z } from 'zod'
import type { TaskWish } from '../request'

const Smart = z.object({
  skills: z.array(z.string()),
  memory: z.array(z.string()),
  fallback: z.string().optional(),
})

const Patterns = z.union([z.literal('*'), z.array(z.string())])

const Message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'user']), content: z.string() }),
  z.object({ role: z.literal('assistant'), content: z.string() }),
])

const Call = z.object({
  message: z.string(),
  system_prompt: z.string(),
  temperature: z.number(),
  max_tokens: z.number().int().positive(),
  model: z.string(),
  fallback_model: z.string().nullable().default(null),
  messages: z.array(Message),
})

// What a run with an agent was given, as the record holds it.
export const AgentInputs = Call.extend({
  tools: z.array(
    z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  ),
  backend_tools: z.record(z.string(), z.string()),
  tool_notes: z.array(z.string()).default([]),
  metadata: z.looseObject({}),
  task: z.custom<TaskWish | null>().default(null),
  system_notes: z.array(z.string()).default([]),
  composed_at: z.iso.datetime(),
  timezone: z.string(),
  boot_complete: z.boolean(),
  max_steps: z.number().int().positive(),
  claims: z.object({ tools: Patterns.optional(), skills: z.array(z.string()).optional() }).default({}),
  prompt_notes: z.looseObject({ smart: Smart.loose().optional() }).default({}),
  prompt_tokens_estimated: z.number().int(),
  skipped: z.string().optional(),
})
export type AgentInputs = z.output<typeof AgentInputs>

// What a call without an agent was given.
export const SingleInputs = Call.extend({ schema: z.record(z.string(), z.unknown()).optional() })
export type SingleInputs = z.output<typeof SingleInputs>

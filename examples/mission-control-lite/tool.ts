import type { z } from 'zod'
import type { Caller } from './agent-token'
import type { Asked } from './endpoint'

export type ToolAsk = Asked & { caller: Caller; key: string | undefined }

// `parameters` is what a model reads, `input` what the backend enforces; both come from one schema.
export type Tool = {
  name: string
  description: string
  input: z.ZodObject
  // A tool that changes something is run once per idempotency key.
  writes?: boolean
  run: (args: Record<string, unknown>, asked: ToolAsk) => Record<string, unknown>
}

import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'

const FAILURES = {
  rate_limited: 429,
  overloaded: 503,
  server: 500,
  auth: 401,
  bad_request: 400,
  context_overflow: 400,
  network: null,
  unmetered_cut: 200,
  content_filter: 200,
  empty_response: 200,
  invalid_tool_call: 200,
  timeout_idle: 200,
} as const

type DemoFailure = keyof typeof FAILURES

export const statusOfFailure = (failure: DemoFailure): number | null => FAILURES[failure]

const Call = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
})

const Step = z.strictObject({
  text: z.string().optional(),
  toolCalls: z.array(Call).optional(),
  fails: z.enum(Object.keys(FAILURES) as [DemoFailure, ...DemoFailure[]]).optional(),
  // For scripts within a message: fails in so many attempts and then goes on
  times: z.number().int().positive().optional(),
  retryAfterMs: z.number().int().nonnegative().optional(),
  delayMs: z.number().int().nonnegative().max(600_000).optional(),
  wordDelayMs: z.number().int().nonnegative().max(10_000).optional(),
  usage: z.literal(false).optional(),
})

// One answer of the demo model. With `fails`, what is given besides comes before the failure.
export type DemoStep = z.input<typeof Step>
export type ScriptedStep = z.output<typeof Step>

const queue = (): ScriptedStep[] => kernel().slot('providers.demo-script', () => [] as ScriptedStep[])

// The next answers of the demo model in this process, one step per attempt.
export const scriptDemo = (steps: readonly DemoStep[]): void => {
  const waiting = queue()
  waiting.length = 0
  waiting.push(...steps.map((step) => Step.parse(step)))
}

export const nextScripted = (): ScriptedStep | undefined => queue().shift()

// A message may carry its own script: `demo: [{"text":"Hello"}]`, one step per answer since that message.
export const scriptIn = (message: string): ScriptedStep[] | null => {
  const found = /^demo:\s*(\[.*\])\s*$/ms.exec(message)?.[1]
  if (found === undefined) return null
  try {
    const parsed = z.array(Step).safeParse(JSON.parse(found))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

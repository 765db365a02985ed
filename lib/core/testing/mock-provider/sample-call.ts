import { installKernel, type Kernel } from '@/lib/core/kernel'
import type { Attempt, AttemptStart, FailureClass, ModelCall } from '@/lib/providers'
import { resolveModel } from '@/lib/providers'
import type { Clock } from '../../clock'
import { testKernel } from '../kernel'

// Calls of models touch no database.
export const modelKernel = (env: Record<string, string>, clock?: Clock): Kernel =>
  installKernel(testKernel('file::memory:', clock ? { env, clock } : { env }))

export const FIRST_ID = '0193f0a0-0000-7000-8000-000000000001'

export const sampleCall = (model: string, over: Partial<ModelCall> = {}): ModelCall => ({
  model: resolveModel(model),
  fallback: null,
  system: 'You are the system.',
  messages: [{ role: 'user', content: 'Hello' }],
  tools: [],
  temperature: 0.4,
  maxTokens: 100,
  signal: new AbortController().signal,
  deadlineMs: 10_000,
  firstAttemptId: FIRST_ID,
  ...over,
})

export const outcomesOf = (attempts: readonly Attempt[]): ('ok' | FailureClass)[] =>
  attempts.map(({ outcome }) => outcome)

// A caller who allows every further attempt and remembers what he was told.
export const watchRetries = () => {
  const told: { failed: Attempt; next: AttemptStart }[] = []
  const onRetry = async (failed: Attempt, next: AttemptStart) => {
    told.push({ failed, next })
    return true
  }
  return { told, onRetry }
}

// One model for each protocol.
export const ONE_PER_PROTOCOL = [
  { protocol: 'responses', model: 'openai/gpt-4o-mini' },
  { protocol: 'messages', model: 'anthropic/claude-sonnet-4-5' },
  { protocol: 'google', model: 'google/gemini-2.5-flash' },
  { protocol: 'chat', model: 'groq/llama-3.3-70b-versatile' },
  { protocol: 'mistral', model: 'mistral/mistral-small-latest' },
] as const

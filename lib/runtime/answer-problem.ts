import type { Attempt, ModelAnswer } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import type { Ending } from './end-run'

type Failure = Extract<ModelAnswer, { ok: false }>

const shown = (attempt: Attempt) => ({
  provider: attempt.model.provider,
  model: attempt.model.id,
  ...(attempt.status === undefined ? {} : { status: attempt.status }),
  reason: attempt.reason ?? attempt.outcome,
  duration_ms: attempt.durationMs,
})

const CODES = {
  provider_error: 'provider_error',
  provider_empty: 'provider_empty',
  timeout: 'timeout',
  cancelled: 'cancelled',
  budget: 'budget_exhausted',
} as const

export const problemOf = (failure: Failure): Problem =>
  new Problem(CODES[failure.kind], failure.message, { attempts: failure.attempts.map(shown) })

export const statusOf = (failure: Failure): Ending['status'] =>
  failure.kind === 'timeout' ? 'timeout' : failure.kind === 'cancelled' ? 'cancelled' : 'error'

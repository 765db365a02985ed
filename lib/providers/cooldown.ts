import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { FailureClass, ModelRef } from './model-ref'

// Per provider and model: after so many failures in a row nobody calls for a while, then one tries for all.
const MOST_FAILURES = 5
const PAUSE_MS = 30_000

type State = { model: ModelRef; failures: number; until: number; isProbing: boolean }

const states = (): Map<string, State> => kernel().slot('providers.cooldown', () => new Map<string, State>())

const nowMs = (): number => kernel().clock.now().getTime()

// Failures that speak of the provider's health; the others speak of the request.
const UNHEALTHY = new Set<FailureClass>([
  'rate_limited',
  'overloaded',
  'server',
  'network',
  'timeout_idle',
  'unmetered_cut',
])

export type Pass = { isProbe: boolean }

// Null: leave it alone for now. Whoever gets a pass reports how it went, and who has waited as long as the provider
// asked for need not be told to wait.
export const passFor = (model: ModelRef, hasWaited: boolean): Pass | null => {
  const state = states().get(model.name)
  if (model.isDemo || !state || state.until === 0) return { isProbe: false }
  if (hasWaited && state.failures < MOST_FAILURES) return { isProbe: false }
  if (nowMs() < state.until || state.isProbing) return null
  state.isProbing = true
  return { isProbe: true }
}

export const reportTo = (
  pass: Pass,
  model: ModelRef,
  outcome: 'ok' | FailureClass,
  retryAfterMs: number | null,
): void => {
  if (model.isDemo) return
  const known = states()
  if (outcome === 'ok') return void known.delete(model.name)
  const state = known.get(model.name) ?? { model, failures: 0, until: 0, isProbing: false }
  if (pass.isProbe) state.isProbing = false
  if (!UNHEALTHY.has(outcome)) return
  state.failures += 1
  const asked = outcome === 'rate_limited' && retryAfterMs !== null ? retryAfterMs : 0
  const pause = state.failures >= MOST_FAILURES ? Math.max(PAUSE_MS, asked) : asked
  if (pause > 0) state.until = Math.max(state.until, nowMs() + pause)
  known.set(model.name, state)
}

export type Cooldown = { provider: string; model: string; failures: number; until: Date }

export const cooldowns = (): Cooldown[] =>
  [...states().values()]
    .filter(({ until }) => until > nowMs())
    .map(({ model, failures, until }) => ({
      provider: model.provider,
      model: model.id,
      failures,
      until: dateOf(until),
    }))

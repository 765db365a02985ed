import { AsyncLocalStorage } from 'node:async_hooks'
import * as oidc from 'openid-client'
import { kernel } from '@/lib/core/kernel'
import { mayInvent } from '@/lib/core/local-secrets'
import { Problem } from '@/lib/shared/problem'

const RETRY_AFTER_MS = 2_000
const TIMEOUT_SECONDS = 5
export const REQUEST_MS = TIMEOUT_SECONDS * 1000

type Slot = { known: oidc.Configuration | null; pending: Promise<oidc.Configuration> | null; failedAt: number }

const slot = () => kernel().slot<Slot>('auth.oidc', () => ({ known: null, pending: null, failedAt: 0 }))

const limits = new AsyncLocalStorage<AbortSignal>()

// The library limits each request; this limits all that one piece of work sends.
export const limitedBy = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => limits.run(signal, work)

const limitedFetch: oidc.CustomFetch = (url, init) => {
  const signals = [init.signal, limits.getStore()].filter((signal) => signal !== undefined)
  return fetch(url, { ...init, signal: AbortSignal.any(signals) } as RequestInit)
}

export const unreachable = (cause: unknown): Problem =>
  new Problem('unavailable', 'The identity provider does not answer.', undefined, {
    cause,
    headers: { 'retry-after': '5' },
  })

const discover = async (): Promise<oidc.Configuration> => {
  const { env } = kernel()
  if (env.OPS_OIDC_ISSUER === '') throw new Problem('config_error', 'OPS_OIDC_ISSUER is not set.')
  const execute = mayInvent() ? [oidc.allowInsecureRequests] : []
  return oidc.discovery(new URL(env.OPS_OIDC_ISSUER), env.OPS_OIDC_CLIENT_ID, env.OPS_OIDC_CLIENT_SECRET, undefined, {
    execute,
    timeout: TIMEOUT_SECONDS,
    [oidc.customFetch]: limitedFetch,
  })
}

const learn = async (state: Slot): Promise<oidc.Configuration> => {
  try {
    state.known = await discover()
    return state.known
  } catch (error) {
    state.failedAt = kernel().clock.now().getTime()
    throw error instanceof Problem ? error : unreachable(error)
  } finally {
    state.pending = null
  }
}

// Discovered once; a failure is believed for two seconds, so that an outage costs one attempt and not one per request.
export const oidcClient = async (): Promise<oidc.Configuration> => {
  const state = slot()
  if (state.known) return state.known
  if (kernel().clock.now().getTime() - state.failedAt < RETRY_AFTER_MS) throw unreachable('asked a moment ago')
  state.pending ??= learn(state)
  return state.pending
}

import { LRUCache } from 'lru-cache'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { FailureClass, ModelRef } from './model-ref'

// Two breakers for each model: one for the tenant whose calls fail, and one for all, which only failures of several
// tenants can open. After a pause one call tries for those who wait.
const MOST_FAILURES = 5
const PAUSE_MS = 30_000
const LONGEST_FOR_ALL_MS = 60_000
const LONGEST_FOR_ONE_MS = 3_600_000
const MOST_REMEMBERED = 64
const LATELY_MS = 600_000

type Breaker = {
  model: ModelRef
  // Failed since the last success: each call once, however often it tried, with its tenant
  failed: Map<string, string>
  // Told by the provider to wait
  told: Set<string>
  until: number
  isProbing: boolean
}

type State = { all: Map<string, Breaker>; own: LRUCache<string, Breaker>; users: Map<string, LRUCache<string, number>> }

const state = (): State =>
  kernel().slot('providers.cooldown', () => ({
    all: new Map<string, Breaker>(),
    own: new LRUCache<string, Breaker>({ max: 5_000 }),
    users: new Map<string, LRUCache<string, number>>(),
  }))

const nowMs = (): number => kernel().clock.now().getTime()

// Failures that may speak of the provider's health; the others speak of the request.
const UNHEALTHY = new Set<FailureClass>(['rate_limited', 'overloaded', 'server', 'network', 'timeout_idle'])
// What a prompt can bring about by itself stays with those who sent it.
const OWN = new Set<FailureClass>([...UNHEALTHY, 'unmetered_cut', 'empty_response'])

export type Caller = { callId: string; tenantId: string }
export type Pass = { caller: Caller; probes: readonly Breaker[] }

const ownKey = (model: ModelRef, { tenantId }: Caller): string => `${tenantId} ${model.name}`

const isShut = ({ until, isProbing, failed }: Breaker, hasWaited: boolean): boolean =>
  until !== 0 && !(hasWaited && failed.size < MOST_FAILURES) && (nowMs() < until || isProbing)

const noteUse = (model: ModelRef, { tenantId }: Caller): void => {
  const { users } = state()
  const known = users.get(model.name) ?? new LRUCache<string, number>({ max: 100 })
  users.set(model.name, known.set(tenantId, nowMs()))
}

// Null: leave it alone for now. Whoever gets a pass reports how it went, and who has waited as long as the provider
// asked for need not be told to wait.
export const passFor = (model: ModelRef, caller: Caller, hasWaited: boolean): Pass | null => {
  if (model.isDemo) return { caller, probes: [] }
  const { all, own } = state()
  noteUse(model, caller)
  const breakers = [all.get(model.name), own.get(ownKey(model, caller))].filter((one) => one !== undefined)
  if (breakers.some((one) => isShut(one, hasWaited))) return null
  const probes = breakers.filter(({ until, failed }) => until !== 0 && !(hasWaited && failed.size < MOST_FAILURES))
  for (const one of probes) one.isProbing = true
  return { caller, probes }
}

const fresh = (model: ModelRef): Breaker => ({ model, failed: new Map(), told: new Set(), until: 0, isProbing: false })

const remember = ({ failed, told }: Breaker, { callId, tenantId }: Caller, isTold: boolean): void => {
  failed.set(callId, tenantId)
  if (isTold) told.add(tenantId)
  for (const oldest of failed.keys()) if (failed.size > MOST_REMEMBERED) failed.delete(oldest)
}

const sleep = (breaker: Breaker, ms: number): void => {
  if (ms > 0) breaker.until = Math.max(breaker.until, nowMs() + ms)
}

const failForOne = (model: ModelRef, caller: Caller, asked: number): void => {
  const { own } = state()
  const breaker = own.get(ownKey(model, caller)) ?? fresh(model)
  own.set(ownKey(model, caller), breaker)
  remember(breaker, caller, asked > 0)
  const pause = breaker.failed.size >= MOST_FAILURES ? Math.max(PAUSE_MS, asked) : asked
  sleep(breaker, Math.min(LONGEST_FOR_ONE_MS, pause))
}

const failForAll = (model: ModelRef, caller: Caller, asked: number): void => {
  const { all } = state()
  const breaker = all.get(model.name) ?? fresh(model)
  all.set(model.name, breaker)
  remember(breaker, caller, asked > 0)
  const isMany = breaker.failed.size >= MOST_FAILURES && new Set(breaker.failed.values()).size >= 2
  const wait = breaker.told.size >= 2 ? asked : 0
  sleep(breaker, Math.min(LONGEST_FOR_ALL_MS, isMany ? Math.max(PAUSE_MS, wait) : wait))
}

export const reportTo = (
  { caller, probes }: Pass,
  model: ModelRef,
  outcome: 'ok' | FailureClass,
  retryAfterMs: number | null,
): void => {
  if (model.isDemo) return
  const { all, own } = state()
  for (const probe of probes) probe.isProbing = false
  if (outcome === 'ok') {
    all.delete(model.name)
    own.delete(ownKey(model, caller))
    return
  }
  const asked = outcome === 'rate_limited' && retryAfterMs !== null ? retryAfterMs : 0
  if (OWN.has(outcome)) failForOne(model, caller, asked)
  if (UNHEALTHY.has(outcome)) failForAll(model, caller, asked)
}

// The pause of one tenant says something of the model when nobody else used it lately.
const isAlone = (model: ModelRef): boolean =>
  [...(state().users.get(model.name)?.values() ?? [])].filter((at) => nowMs() - at < LATELY_MS).length < 2

export type Cooldown = { provider: string; model: string; failures: number; until: Date }

export const cooldowns = (): Cooldown[] => {
  const { all, own } = state()
  const found = new Map<string, Breaker>()
  for (const breaker of [...all.values(), ...[...own.values()].filter(({ model }) => isAlone(model))])
    if (breaker.until > nowMs() && !found.has(breaker.model.name)) found.set(breaker.model.name, breaker)
  return [...found.values()].map(({ model, failed, until }) => ({
    provider: model.provider,
    model: model.id,
    failures: failed.size,
    until: dateOf(until),
  }))
}

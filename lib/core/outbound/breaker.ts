import { LRUCache } from 'lru-cache'
import { dateOf } from '../clock'
import { kernel } from '../kernel'
import { OutboundError } from './outbound-error'

const MOST_FAILURES = 5
const OPEN_MS = 10_000
const MAX_BREAKERS = 1_000

type Breaker = { failures: number; openUntil: number; isProbing: boolean }

export type BreakerView = {
  name: string
  state: 'closed' | 'open' | 'probing'
  failures: number
  openUntil: Date | null
}

const all = () => kernel().slot('core.outbound.breakers', () => new LRUCache<string, Breaker>({ max: MAX_BREAKERS }))

const now = (): number => kernel().clock.now().getTime()

export type Pass = { succeeded(): void; failed(): void; released(): void }

const FREE: Pass = { succeeded: () => undefined, failed: () => undefined, released: () => undefined }

const passOf = (name: string, breaker: Breaker): Pass => ({
  succeeded: () => void all().delete(name),
  failed: () => {
    breaker.failures++
    breaker.isProbing = false
    if (breaker.failures >= MOST_FAILURES) breaker.openUntil = now() + OPEN_MS
  },
  released: () => {
    breaker.isProbing = false
  },
})

// After so many failures in a row nobody asks for a while, and then one does for all.
export const passBreaker = (name: string | undefined): Pass => {
  if (name === undefined) return FREE
  const breaker = all().get(name) ?? { failures: 0, openUntil: 0, isProbing: false }
  all().set(name, breaker)
  const isTripped = breaker.failures >= MOST_FAILURES
  if (isTripped && (breaker.isProbing || now() < breaker.openUntil))
    throw new OutboundError('circuit_open', `${name} failed ${breaker.failures} times in a row and is left alone`)
  breaker.isProbing = isTripped
  return passOf(name, breaker)
}

const stateOf = ({ failures, openUntil, isProbing }: Breaker): BreakerView['state'] => {
  if (failures < MOST_FAILURES) return 'closed'
  return isProbing || now() >= openUntil ? 'probing' : 'open'
}

// Those alone that have something to tell: a success clears its breaker.
export const breakers = (): BreakerView[] =>
  [...all().entries()].map(([name, breaker]) => ({
    name,
    state: stateOf(breaker),
    failures: breaker.failures,
    openUntil: breaker.openUntil === 0 ? null : dateOf(breaker.openUntil),
  }))

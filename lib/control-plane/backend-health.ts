import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { addressOf } from './call'
import { exchange, isResting, type Outcome } from './exchange'

export type BackendHealth = { status: 'ok' | 'error'; latencyMs: number; checkedAt: Date; error?: string }

const PROBE_MS = 5_000
const KNOWN_MS = 2_000

type Slot = { known: BackendHealth | null; asking: Promise<BackendHealth> | null }

const slot = () => kernel().slot('control-plane.health', (): Slot => ({ known: null, asking: null }))

// The contract names no health endpoint, so whoever answers that there is none is well enough.
const NONE_HERE = [404, 405, 501]

const FAULTS = {
  'never-sent': 'does not accept connections',
  network: 'broke the connection',
  timeout: `did not answer within ${PROBE_MS / 1_000} seconds`,
  cancelled: 'was not waited for',
  'too-large': 'answered more than is taken',
  open: 'did not answer several times in a row',
} as const

const faultOf = (outcome: Outcome): string | null => {
  if (!outcome.ok) return FAULTS[outcome.fault]
  const isWell = (outcome.status >= 200 && outcome.status < 300) || NONE_HERE.includes(outcome.status)
  return isWell ? null : `answered ${outcome.status}`
}

const ask = async (): Promise<BackendHealth> => {
  const started = monotonicMs()
  const outcome = await exchange({
    method: 'GET',
    url: addressOf('/health'),
    kind: { name: 'health' },
    headers: {},
    timeoutMs: PROBE_MS,
    signal: new AbortController().signal,
  })
  const error = faultOf(outcome)
  return {
    status: error === null ? 'ok' : 'error',
    latencyMs: Math.round(monotonicMs() - started),
    checkedAt: kernel().clock.now(),
    ...(error === null ? {} : { error }),
  }
}

const isRecent = (known: BackendHealth): boolean =>
  kernel().clock.now().getTime() - known.checkedAt.getTime() < KNOWN_MS

/** Asks whether the backend is there. However many ask at once, the backend is asked once. */
export const probeBackend = async (): Promise<BackendHealth> => {
  const here = slot()
  if (here.known && isRecent(here.known)) return here.known
  here.asking ??= ask().finally(() => {
    here.asking = null
  })
  here.known = await here.asking
  return here.known
}

/** What this process knows without asking: the address, never with credentials, and whether calls are held back. */
export const backendFacts = (): { url: string; isResting: boolean } => {
  const address = addressOf('/')
  return { url: address.href.replace(/\/$/, ''), isResting: isResting(address) }
}

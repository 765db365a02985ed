import { kernel } from '@/lib/core/kernel'
import { type StoredKey, stampLastUsed } from './store'

const FLUSH_MS = 15_000

type Stamp = { tenantId: string; id: string; at: Date }
type Pending = { stamps: Map<string, Stamp>; started: boolean }

const pending = () => kernel().slot<Pending>('auth.last-used', () => ({ stamps: new Map(), started: false }))

export const flushLastUsed = async (): Promise<void> => {
  const state = pending()
  if (state.stamps.size === 0) return
  const stamps = [...state.stamps.values()]
  state.stamps.clear()
  await stampLastUsed(stamps)
}

const start = (state: Pending): void => {
  if (state.started) return
  state.started = true
  const { log, onStop } = kernel()
  const timer = setInterval(() => {
    flushLastUsed().catch((error: unknown) => log.warn('last-used stamps were not written', { error }))
  }, FLUSH_MS)
  timer.unref()
  onStop('work', async () => {
    clearInterval(timer)
    await flushLastUsed()
  })
}

// A key that is used a thousand times a second is written down four times a minute.
export const noteUse = ({ tenantId, id }: StoredKey, at: Date): void => {
  const state = pending()
  start(state)
  state.stamps.set(`${tenantId}/${id}`, { tenantId, id, at })
}

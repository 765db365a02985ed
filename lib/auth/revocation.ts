import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { MutateDb } from '@/lib/core/scope'
import { BUMP_REVOCATION } from './sql'
import { readRevocation } from './store'

const POLL_MS = 500
const LIVES_MS = 5_000
const MAX_ENTRIES = 10_000

type Entry = { value: unknown }

type Guarded = {
  cache: LRUCache<string, Entry>
  generation: number
  seen: bigint
  watching: Promise<void> | null
}

const guarded = (): Guarded =>
  kernel().slot('auth.guarded', () => ({
    cache: new LRUCache<string, Entry>({ max: MAX_ENTRIES, ttl: LIVES_MS }),
    generation: 0,
    seen: 0n,
    watching: null,
  }))

// What is being loaded now was read before the drop, so the generation keeps it from being kept.
export const dropGuards = (): void => {
  const state = guarded()
  state.generation += 1
  state.cache.clear()
}

const look = async (state: Guarded): Promise<void> => {
  const value = await readRevocation()
  if (value !== state.seen) dropGuards()
  state.seen = value
}

const watch = async (state: Guarded): Promise<void> => {
  state.seen = await readRevocation()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    look(state)
      .catch(() => dropGuards())
      .finally(() => {
        busy = false
      })
  }, POLL_MS)
  timer.unref()
  kernel().onStop('intake', () => clearInterval(timer))
}

// Every instance looks at one counter twice a second: what was revoked on another one ends here too.
// The first look comes before the first entry, or a change in between would go unseen.
export const watchRevocations = (): Promise<void> => {
  const state = guarded()
  state.watching ??= watch(state).catch((error: unknown) => {
    state.watching = null
    throw error
  })
  return state.watching
}

export const guardGeneration = (): number => guarded().generation

// `since` is the generation in which the value was read; anything revoked in between makes it worthless.
export const rememberSince = (since: number, key: string, value: unknown): void => {
  const state = guarded()
  if (since === state.generation) state.cache.set(key, { value })
}

export const recalled = <T>(key: string): T | undefined => guarded().cache.get(key)?.value as T | undefined

export const remembered = async <T>(key: string, load: () => Promise<T>): Promise<T> => {
  const known = guarded().cache.get(key)
  if (known) return known.value as T
  await watchRevocations()
  const since = guardGeneration()
  const value = await load()
  rememberSince(since, key, value)
  return value
}

export const bumpRevocation = (db: Pick<MutateDb, 'run'>): Promise<unknown> => db.run(BUMP_REVOCATION, [{}])

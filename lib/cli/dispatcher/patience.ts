import { LRUCache } from 'lru-cache'

const FIRST_MS = 5_000
const MOST_MS = 15 * 60_000
const MOST_FAILURES = 8
const MOST_KEPT = 10_000

type Trouble = { failures: number; notBefore: number; isAnswered: boolean }

export type Patience = {
  mayTry: (id: string) => boolean
  // The agent has read it; only the backend does not know yet.
  isAnswered: (id: string) => boolean
  answered: (id: string) => void
  // Tells whether that was the last try, and which one it was.
  failed: (id: string, isHopeless: boolean) => { failures: number; isOver: boolean }
  succeeded: (id: string) => void
}

const NONE: Trouble = { failures: 0, notBefore: 0, isAnswered: false }

/** What this process remembers of notifications that cannot be delivered: a run is paid for each time. */
export const newPatience = (now: () => number): Patience => {
  const known = new LRUCache<string, Trouble>({ max: MOST_KEPT })
  const of = (id: string): Trouble => known.get(id) ?? NONE
  return {
    mayTry: (id) => of(id).notBefore <= now(),
    isAnswered: (id) => of(id).isAnswered,
    answered: (id) => void known.set(id, { ...of(id), isAnswered: true }),
    failed: (id, isHopeless) => {
      const failures = of(id).failures + 1
      const isOver = isHopeless || failures >= MOST_FAILURES
      const waitMs = isOver ? Number.POSITIVE_INFINITY : Math.min(FIRST_MS * 2 ** (failures - 1), MOST_MS)
      known.set(id, { ...of(id), failures, notBefore: now() + waitMs })
      return { failures, isOver }
    },
    succeeded: (id) => void known.delete(id),
  }
}

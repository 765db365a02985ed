import { canonicalFrame, canonicalOf, commitmentIn, eventHashOf, HASH_VERSION } from '../core/audit/canonical'
import { growFrontier, leafHashOf, rootOf } from '../core/audit/tree'

export type ChainRow = {
  seq: number
  eventType: string
  actor: string
  userId: string | null
  workspaceId: string | null
  traceId: string | null
  createdAt: string
  hashVersion: number
  prevEventHash: string | null
  eventHash: string
  leafHash: string
  canonical: string
}

export type Failure = { code: string; seq: number | null; message: string }

// A size and a root that somebody signed or remembered, and the last event then; the log must pass through it.
export type Anchor = { size: number; rootHash: string; source: string; headHash?: string }

export type CheckerStart = { size: number; frontier: readonly string[] }

const MOST_FAILURES = 1000

export const failureList = () => {
  const failures: Failure[] = []
  const add = (code: string, seq: number | null, message: string): void => {
    if (failures.length < MOST_FAILURES) failures.push({ code, seq, message })
  }
  return { failures, add }
}

export type CheckerOptions = {
  tenantId: string
  anchors: readonly Anchor[]
  start?: CheckerStart
  onNode?: (level: number, index: number, hash: string) => void
}

// Reads the rows as they are shown, in order, and says by name where they differ from what was proven.
export const createChecker = ({ tenantId, anchors, start, onNode }: CheckerOptions) => {
  const { failures, add } = failureList()
  const frontier = [...(start?.frontier ?? [])]
  const sorted = [...anchors].sort((a, b) => a.size - b.size)
  const state = { size: start?.size ?? 0, prev: null as string | null, complete: true, anchor: 0, seen: 0 }
  const completed = onNode ?? (() => undefined)

  const passAnchors = (): void => {
    for (let anchor = sorted[state.anchor]; anchor && anchor.size <= state.size; anchor = sorted[++state.anchor]) {
      const due = anchor.size === state.size && state.complete && anchor.size > (start?.size ?? 0)
      if (due && rootOf(frontier, state.size) !== anchor.rootHash) {
        add(
          'checkpoint_mismatch',
          anchor.size,
          `The first ${anchor.size} events are not those of the checkpoint (${anchor.source})`,
        )
      } else if (anchor.size === state.size && (anchor.headHash ?? state.prev) !== state.prev) {
        add('checkpoint_mismatch', anchor.size, `The checkpoint names another last event (${anchor.source})`)
      }
    }
  }

  const skipTo = (seq: number): void => {
    for (let missing = state.size + 1; missing < seq; missing++) {
      add(`seq_${missing}_missing`, missing, 'The event is not there')
      if (failures.length >= MOST_FAILURES) break
    }
    state.complete = false
    state.size = seq - 1
    state.prev = null
  }

  const checkRow = (row: ChainRow): void => {
    const canonical = expectedCanonical(tenantId, row)
    if (canonical !== row.canonical || eventHashOf(canonical) !== row.eventHash) {
      add(`seq_${row.seq}_hash_mismatch`, row.seq, 'The event was changed after it was written')
    } else if (leafHashOf(canonical) !== row.leafHash) {
      add(`seq_${row.seq}_leaf_mismatch`, row.seq, 'The leaf of the tree is not that of the event')
    }
    const known = state.prev !== null || state.size === 0
    if (known && row.prevEventHash !== state.prev) {
      add(`seq_${row.seq}_prev_hash_mismatch`, row.seq, 'The event does not follow the one before it')
    }
  }

  const feed = (row: ChainRow): void => {
    if (row.seq <= state.size) {
      add(`seq_${row.seq}_duplicate`, row.seq, 'The number was used before')
      return
    }
    if (row.seq > state.size + 1) skipTo(row.seq)
    checkRow(row)
    if (state.complete) growFrontier(frontier, state.size, row.leafHash, completed)
    state.size = row.seq
    state.prev = row.eventHash
    state.seen++
    passAnchors()
  }

  // What any witness claims beyond the last event was cut off.
  const finish = (claimedSize: number): void => {
    const claims = [{ size: claimedSize, source: 'head' }, ...sorted].filter((claim) => claim.size > state.size)
    const last = claims.sort((a, b) => b.size - a.size)[0]
    if (last)
      add(
        'tail_truncated',
        state.size + 1,
        `${last.size} events were recorded (${last.source}), ${state.size} are left`,
      )
  }

  return {
    failures,
    add,
    feed,
    finish,
    size: () => state.size,
    seen: () => state.seen,
    headHash: () => state.prev,
    frontier: () => frontier,
    root: () => (state.complete ? rootOf(frontier, state.size) : null),
  }
}

export type Checker = ReturnType<typeof createChecker>

const expectedCanonical = (tenantId: string, row: ChainRow): string => {
  const commitment = commitmentIn(row.canonical)
  if (commitment === null || Number(row.hashVersion) !== HASH_VERSION) return ''
  return canonicalOf(canonicalFrame({ ...row, tenantId, commitment }), row.prevEventHash, row.seq)
}

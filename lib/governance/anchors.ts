import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { kernel } from '../core/kernel'
import type { Scope } from '../core/scope'
import type { Anchor, Failure } from './audit-checker'
import { auditKeys, originOf } from './audit-key'
import { checkNote, notesIn, readNote, signersOf } from './signed-note'
import { type CheckpointRow, checkpointsFrom } from './store'

type Found = { anchors: Anchor[]; failures: Failure[]; checked: number }

const PAGE = 1000

const bad = (size: number, source: string): Failure => ({
  code: 'checkpoint_signature_invalid',
  seq: size,
  message: `The checkpoint of ${size} events does not carry a valid signature of this log (${source})`,
})

const otherKey = (size: number, source: string): Failure => ({
  code: 'checkpoint_mismatch',
  seq: size,
  message: `The checkpoint of ${size} events names another key than the one that signed it (${source})`,
})

type Sealed = { note: string; source: string; row?: CheckpointRow }

// A checkpoint counts when a key of ours signed exactly what its columns say; the checker compares its last event.
export const judgeCheckpoints = (origin: string, sealed: readonly Sealed[], keys: readonly KeyObject[]): Found => {
  const found: Found = { anchors: [], failures: [], checked: sealed.length }
  for (const { note, source, row } of sealed) {
    const read = readNote(note)
    const matches =
      read !== null && read.origin === origin && (!row || (row.size === read.size && row.rootHash === read.rootHash))
    if (!read || !matches || (keys.length > 0 && checkNote(read, keys) !== 'valid'))
      found.failures.push(bad(row?.size ?? read?.size ?? 0, source))
    else {
      const { size, rootHash } = read
      found.anchors.push({ size, rootHash, source, ...(row ? { headHash: row.headHash } : {}) })
      if (row && !signersOf(read, keys).includes(row.keyId)) found.failures.push(otherKey(size, source))
    }
  }
  return found
}

// The file is the anchor outside the database: whoever can only write there cannot take it back.
export const notesInFile = (path: string, origin: string, lastBytes = Number.MAX_SAFE_INTEGER): string[] => {
  if (path === '' || !existsSync(path)) return []
  const text = readFileSync(path)
  return notesIn(text.subarray(-lastBytes).toString('utf8')).filter((note) => note.startsWith(`${origin}\n`))
}

export const allCheckpoints = async (scope: Pick<Scope, 'rows'>, from = 1): Promise<CheckpointRow[]> => {
  const all: CheckpointRow[] = []
  for (let at = from; ; at = (all.at(-1)?.size ?? at) + 1) {
    const page = await checkpointsFrom(scope, at, PAGE)
    all.push(...page)
    if (page.length < PAGE) return all
  }
}

export const anchorsOf = async (scope: Scope): Promise<Found> => {
  const origin = originOf(scope.tenantId)
  const stored = (await allCheckpoints(scope)).map((row) => ({ note: row.note, source: 'database', row }))
  const outside = notesInFile(kernel().env.CLASPER_CHECKPOINT_FILE, origin).map((note) => ({
    note,
    source: 'checkpoint file',
  }))
  return judgeCheckpoints(origin, [...stored, ...outside], auditKeys()?.known ?? [])
}

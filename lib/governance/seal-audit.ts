import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '@/lib/shared/problem'
import { kernel } from '../core/kernel'
import type { Scope } from '../core/scope'
import { notesInFile } from './anchors'
import { auditKeys, originOf } from './audit-key'
import { foldConsistency, foldPlans, rootPlan } from './audit-tree'
import { postNote } from './post-note'
import { checkNote, keyIdOf, readNote, signCheckpoint } from './signed-note'
import { insertCheckpoint } from './sql'
import { type CheckpointRow, type Head, newestCheckpoint, readHead } from './store'

const TAIL_BYTES = 256 * 1024

export type Sealed = { checkpoint: CheckpointRow; isNew: boolean }

const refuse = (why: string): never => {
  throw new Problem('internal_error', `The audit log is not sealed: ${why}. Verify it.`)
}

// What was sealed before must still be the beginning of what is sealed now; a rewritten log gets no signature.
const mustContinue = async (scope: Scope, head: Head, last: CheckpointRow | null): Promise<void> => {
  if (!last) {
    const [[root] = []] = await foldPlans(scope, [rootPlan(head.size)])
    if (root !== head.rootHash) refuse('its root is not that of its tree')
    return
  }
  const note = readNote(last.note)
  const isOurs = note !== null && checkNote(note, auditKeys()?.known ?? []) === 'valid'
  if (!isOurs || note.size !== last.size || note.rootHash !== last.rootHash)
    refuse('its last checkpoint was not signed by us')
  if (head.size < last.size) refuse('events are missing at its end')
  const { fromRoot, toRoot } = await foldConsistency(scope, last.size, head.size)
  if (fromRoot !== last.rootHash || toRoot !== head.rootHash) refuse('it does not continue its last checkpoint')
}

// Whoever deleted our checkpoints from the database has not deleted the ones outside.
const mustContinueOutside = async (scope: Scope, head: Head): Promise<void> => {
  const origin = originOf(scope.tenantId)
  const note = notesInFile(kernel().env.CLASPER_CHECKPOINT_FILE, origin, TAIL_BYTES).at(-1)
  const read = note === undefined ? null : readNote(note)
  if (!read || checkNote(read, auditKeys()?.known ?? []) !== 'valid') return
  if (head.size < read.size) refuse('events are missing at its end')
  const { fromRoot } = await foldConsistency(scope, read.size, head.size)
  if (fromRoot !== read.rootHash) refuse('it does not continue the last checkpoint outside')
}

/** Signs the present size and root, stores the checkpoint and appends it to the file outside. */
export const sealAudit = async (scope: Scope): Promise<Sealed | null> => {
  const keys = auditKeys()
  const [head, last] = await Promise.all([readHead(scope), newestCheckpoint(scope)])
  if (!keys || head.size === 0 || head.rootHash === null) return null
  if (last?.size === head.size && last.rootHash === head.rootHash) return { checkpoint: last, isNew: false }
  await mustContinue(scope, head, last)
  await mustContinueOutside(scope, head)
  const origin = originOf(scope.tenantId)
  const note = signCheckpoint({ origin, size: head.size, rootHash: head.rootHash }, keys.privateKey, keys.publicKey)
  const checkpoint: CheckpointRow = {
    size: head.size,
    rootHash: head.rootHash,
    headHash: head.headHash ?? '',
    note,
    keyId: keyIdOf(origin, keys.publicKey),
    createdAt: scope.clock.now().toISOString(),
  }
  await store(scope, checkpoint)
  appendOutside(note)
  return { checkpoint, isNew: true }
}

const store = (scope: Scope, row: CheckpointRow) =>
  scope.command({
    audit: [],
    writes: [
      {
        statement: insertCheckpoint,
        rows: [
          {
            size: row.size,
            root_hash: row.rootHash,
            head_hash: row.headHash,
            note: row.note,
            key_id: row.keyId,
            created_at: row.createdAt.replace('Z', '+00:00'),
          },
        ],
      },
    ],
  })

const appendOutside = (note: string): void => {
  const file = kernel().env.CLASPER_CHECKPOINT_FILE
  if (file === '') return
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, note, { mode: 0o644 })
}

/** One round for one tenant: seal what is new, then hand the newest note to the webhook until it took it. */
export const publishCheckpoint = async (scope: Scope): Promise<Sealed | null> => {
  const sealed = await sealAudit(scope)
  const url = kernel().env.CLASPER_CHECKPOINT_URL
  const delivered = kernel().slot('governance.delivered-checkpoints', () => new Map<string, number>())
  if (!sealed || url === '' || delivered.get(scope.tenantId) === sealed.checkpoint.size) return sealed
  await postNote(url, sealed.checkpoint.note, scope.signal)
  delivered.set(scope.tenantId, sealed.checkpoint.size)
  return sealed
}

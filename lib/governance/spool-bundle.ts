import { nodesOf } from '../core/audit/tree'
import type { Scope } from '../core/scope'
import { allCheckpoints } from './anchors'
import type { AuditKeys } from './audit-key'
import type { BundleMetadata, BundleNode, ChainLine, CheckpointLine, PublicKeyLine } from './bundle'
import { pemOf } from './bundle'
import { presentEntry } from './present'
import { keyIdOf, verifierKey } from './signed-note'
import type { Spool } from './spool'
import { keyOf, newestCheckpoint, readForExport, readNodes } from './store'

const BATCH = 1000

export type Range = { first: number; last: number }

type Exported = Awaited<ReturnType<typeof readForExport>>[number]

export const chainLine = (row: Exported): ChainLine => ({
  seq: row.seq,
  prev_event_hash: row.prevEventHash,
  event_hash: row.eventHash,
  leaf_hash: row.leafHash,
  canonical: row.canonical,
  salt: row.salt,
  payload: row.data,
  erased_at: row.erasedAt,
})

async function* batches(
  scope: Scope,
  { first, last }: Range,
  line: (row: Exported) => unknown,
): AsyncGenerator<string> {
  for (let after = first - 1; after < last; ) {
    const rows = await readForExport(scope, after, last, BATCH)
    if (rows.length === 0) return
    yield rows.map((row) => `${JSON.stringify(line(row))}\n`).join('')
    after = rows.at(-1)?.seq ?? last
  }
}

// The rest of the tree in a handful of hashes, so that a part of the log still leads to the signed root.
export const treeAround = async (scope: Scope, { first, last }: Range, size: number) => {
  const [left, right] = [nodesOf([0, first - 1]), nodesOf([last, size])]
  const found = await readNodes(scope, [...left, ...right])
  const hashed = (ref: { level: number; index: number }): BundleNode => ({ ...ref, hash: found.get(keyOf(ref)) ?? '' })
  return { before: left.map((ref) => hashed(ref).hash), after: right.map(hashed) }
}

const checkpointLines = async (scope: Scope, { first, last }: Range): Promise<CheckpointLine[]> => {
  const within = (await allCheckpoints(scope, first)).filter(({ size }) => size <= last)
  const newest = await newestCheckpoint(scope)
  const all = newest && newest.size > last ? [...within, newest] : within
  return all.map(({ size, rootHash, note }) => ({ size, root_hash: rootHash, note }))
}

export const keyLines = (origin: string, keys: AuditKeys | null): PublicKeyLine[] =>
  (keys?.known ?? []).map((key) => ({
    algorithm: 'Ed25519',
    key_id: keyIdOf(origin, key),
    verifier: verifierKey(origin, key),
    pem: pemOf(key),
  }))

export const spoolBundle = async (scope: Scope, spool: Spool, metadata: BundleMetadata, keys: AuditKeys | null) => {
  const range = { first: metadata.first_seq, last: metadata.last_seq }
  const jsonl = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`)
  await spool.write('metadata.json', [JSON.stringify(metadata, null, 2)])
  await spool.write(
    'audits.jsonl',
    batches(scope, range, (row) => presentEntry(scope.tenantId, row)),
  )
  await spool.write('audit_chain.jsonl', batches(scope, range, chainLine))
  await spool.write('checkpoints.jsonl', jsonl(await checkpointLines(scope, range)))
  await spool.write('public_keys.json', [JSON.stringify(keyLines(metadata.origin, keys), null, 2)])
}

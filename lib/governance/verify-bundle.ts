import { createPublicKey, type KeyObject } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { stableJson } from '@/lib/shared/stable-json'
import { foldRight, growFrontier } from '../core/audit/tree'
import { judgeCheckpoints } from './anchors'
import { type Anchor, type ChainRow, createChecker, type Failure } from './audit-checker'
import {
  BUNDLE_FILES,
  BUNDLE_FORMAT,
  type BundleMetadata,
  type ChainLine,
  type CheckpointLine,
  type Integrity,
  isSignedBy,
  type PublicKeyLine,
  sha256Of,
} from './bundle'
import type { AuditRow } from './contract'
import { createPayloadChecker, ERASED_ENTITY, unrecorded } from './payload-checker'
import { linesOf, untar } from './tar'

export type Outside = { notes?: readonly string[]; key?: KeyObject }

export type BundleReport = {
  ok: boolean
  tenant_id: string
  first_seq: number
  last_seq: number
  checked: number
  payloads_checked: number
  payloads_erased: number
  checkpoints_checked: number
  key: 'given' | 'from the bundle' | 'none'
  failures: Failure[]
}

type Files = ReadonlyMap<string, Buffer>

const fault = (code: string, message: string): Failure => ({ code, seq: null, message })

const json = <T>(files: Files, name: string): T => JSON.parse(files.get(name)?.toString('utf8') ?? 'null') as T

const jsonLines = function* <T>(files: Files, name: string): Generator<T> {
  for (const line of linesOf(files.get(name) ?? Buffer.alloc(0))) yield JSON.parse(line) as T
}

const UNLISTED: readonly string[] = ['integrity.json', 'verify.sha256']

// Whatever else lies in the bundle was signed with it, or it does not belong there.
const checkFiles = (files: Files, integrity: Integrity): Failure[] =>
  [...new Set([...BUNDLE_FILES, ...Object.keys(integrity.files), ...files.keys()])]
    .filter((name) => {
      if (UNLISTED.includes(name)) return false
      const bytes = files.get(name)
      return !bytes || sha256Of(bytes) !== integrity.files[name]
    })
    .map((name) => fault(`file_changed_${name}`, `${name} is not the file that was exported`))

const checkSignature = (integrity: Integrity, keys: readonly KeyObject[]): Failure[] => {
  if (!integrity.signature) return [fault('bundle_unsigned', 'The bundle carries no signature')]
  return isSignedBy(integrity, keys)
    ? []
    : [fault('bundle_signature_invalid', 'The signature of the bundle is not valid')]
}

const chainRowOf = (shown: AuditRow, line: ChainLine): ChainRow => ({
  seq: line.seq,
  eventType: shown.event_type,
  actor: shown.actor,
  userId: shown.user_id,
  workspaceId: shown.workspace_id,
  traceId: shown.trace_id,
  createdAt: shown.created_at,
  hashVersion: 2,
  prevEventHash: line.prev_event_hash,
  eventHash: shown.event_hash === line.event_hash ? line.event_hash : '',
  leafHash: line.leaf_hash,
  canonical: line.canonical,
})

const sameData = (shown: AuditRow, payload: string | null): boolean => {
  if (payload === null || payload === '') return shown.event_data === null
  try {
    return stableJson(shown.event_data) === stableJson(JSON.parse(payload))
  } catch {
    return false
  }
}

const readRows = (files: Files, metadata: BundleMetadata, anchors: readonly Anchor[]) => {
  const { first_seq: first, last_seq: last, tree } = metadata
  const inside = anchors.filter(({ size }) => size <= last || size > tree.size)
  const chain = createChecker({
    tenantId: metadata.tenant_id,
    anchors: inside,
    start: { size: first - 1, frontier: tree.before },
  })
  const payloads = createPayloadChecker(chain.add)
  const recorded = new Set<string>()
  const shownRows = jsonLines<AuditRow>(files, 'audits.jsonl')
  for (const line of jsonLines<ChainLine>(files, 'audit_chain.jsonl')) {
    const shown = shownRows.next().value as AuditRow | undefined
    if (shown?.seq !== line.seq) {
      chain.add(`seq_${line.seq}_not_shown`, line.seq, 'The event stands in the chain but not among those shown')
      break
    }
    chain.feed(chainRowOf(shown, line))
    const found = {
      entityId: shown.entity_id,
      requestId: shown.request_id,
      data: line.payload,
      erasedAt: line.erased_at,
    }
    payloads.check({ seq: line.seq, salt: line.salt, ...found }, line.canonical)
    if (!sameData(shown, line.payload))
      chain.add(`seq_${line.seq}_payload_mismatch`, line.seq, 'The event data shown are not those of the payload')
    if (shown.entity_id?.startsWith(ERASED_ENTITY)) recorded.add(shown.entity_id)
  }
  chain.finish(last)
  return { chain, payloads, unrecorded: last === tree.size ? unrecorded(payloads.erased(), recorded) : [] }
}

// What stands right of the last event joins as whole subtrees; then the root must be the one that was signed.
const checkRoot = (
  chain: ReturnType<typeof createChecker>,
  { tree, last_seq }: BundleMetadata,
  anchors: readonly Anchor[],
): Failure[] => {
  if (chain.root() === null || chain.size() !== last_seq) return []
  const frontier = [...chain.frontier()]
  for (const { index, hash } of tree.after) growFrontier(frontier, index, hash, () => undefined)
  const root = foldRight(frontier)
  const sealed = tree.after.length > 0 ? anchors.filter(({ size }) => size === tree.size) : []
  return [
    ...(root === tree.root_hash
      ? []
      : [fault('root_mismatch', 'The events do not give the root that the bundle names')]),
    ...sealed
      .filter(({ rootHash }) => rootHash !== root)
      .map(({ source }) => fault('checkpoint_mismatch', `The log is not that of the checkpoint (${source})`)),
  ]
}

const keysOf = (files: Files, outside: Outside): readonly KeyObject[] =>
  outside.key
    ? [outside.key]
    : (json<PublicKeyLine[] | null>(files, 'public_keys.json') ?? []).map(({ pem }) => createPublicKey(pem))

/** Checks an export without any server: files, signature, chain, payloads, tree and checkpoints. */
export const verifyBundle = (bytes: Buffer, outside: Outside = {}): BundleReport => {
  const files = untar(gunzipSync(bytes))
  const metadata = json<BundleMetadata | null>(files, 'metadata.json')
  const integrity = json<Integrity | null>(files, 'integrity.json')
  if (metadata?.format !== BUNDLE_FORMAT || !integrity) throw new TypeError('This is not an audit bundle')
  const keys = keysOf(files, outside)
  const notes = [...jsonLines<CheckpointLine>(files, 'checkpoints.jsonl')].map(({ note }) => ({
    note,
    source: 'bundle',
  }))
  const given = (outside.notes ?? [])
    .filter((note) => note.startsWith(`${metadata.origin}\n`))
    .map((note) => ({ note, source: 'given checkpoint' }))
  const sealed = judgeCheckpoints(metadata.origin, [...notes, ...given], keys)
  const rows = readRows(files, metadata, sealed.anchors)
  const failures = [
    ...checkSignature(integrity, keys),
    ...checkFiles(files, integrity),
    ...sealed.failures,
    ...rows.chain.failures,
    ...checkRoot(rows.chain, metadata, sealed.anchors),
    ...rows.unrecorded,
  ]
  return {
    ok: failures.length === 0,
    tenant_id: metadata.tenant_id,
    first_seq: metadata.first_seq,
    last_seq: metadata.last_seq,
    checked: rows.chain.seen(),
    payloads_checked: rows.payloads.checked(),
    payloads_erased: rows.payloads.erased().length,
    checkpoints_checked: sealed.checked,
    key: outside.key ? 'given' : keys.length > 0 ? 'from the bundle' : 'none',
    failures,
  }
}

import { prepared, type SqliteHandle } from '../sqlite/handle'
import { canonicalOf, eventHashOf, HASH_VERSION } from './canonical'
import { type AuditDraft, type Prepared, prepareDrafts } from './draft'
import { growFrontier, leafHashOf, rootOf } from './tree'

type Head = { size: number; headHash: string | null; frontier: string }

const ENTRY_COLUMNS = [
  ...['tenantId', 'seq', 'eventType', 'actor', 'userId', 'workspaceId', 'traceId', 'entityId', 'requestId'],
  ...['createdAt', 'hashVersion', 'prevEventHash', 'eventHash', 'leafHash', 'canonical'],
]

const insertMany = (table: string, columns: readonly string[]): string =>
  `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')})
   SELECT ${columns.map((_, i) => `json_extract(value, '$[${i}]')`).join(', ')} FROM json_each(?) ORDER BY key`

const SQL = {
  head: 'SELECT "size", "headHash", "frontier" FROM "AuditHead" WHERE "tenantId" = ?',
  begin: 'INSERT INTO "AuditHead" ("tenantId", "size", "frontier", "updatedAt") VALUES (?, 0, \'\', ?)',
  entries: insertMany('AuditEntry', ENTRY_COLUMNS),
  payloads: insertMany('AuditPayload', ['tenantId', 'seq', 'salt', 'data']),
  nodes: insertMany('AuditNode', ['tenantId', 'level', 'index', 'hash']),
  grow: 'UPDATE "AuditHead" SET "size" = ?, "headHash" = ?, "rootHash" = ?, "frontier" = ?, "updatedAt" = ? WHERE "tenantId" = ?',
}

const headOf = (db: SqliteHandle, tenantId: string, stamp: string): Head => {
  const found = prepared(db, SQL.head).get(tenantId) as
    | { size: number | bigint; headHash: string | null; frontier: string }
    | undefined
  if (found) return { ...found, size: Number(found.size) }
  prepared(db, SQL.begin).run([tenantId, stamp])
  return { size: 0, headHash: null, frontier: '' }
}

const chain = (tenantId: string, head: Head, rows: readonly Prepared[], stamp: string) => {
  const frontier = head.frontier === '' ? [] : head.frontier.split(',')
  const out = {
    entries: [] as unknown[],
    payloads: [] as unknown[],
    nodes: [] as unknown[],
    frontier,
    prev: head.headHash,
  }
  let size = head.size
  for (const row of rows) {
    const seq = size + 1
    const canonical = canonicalOf(row.frame, out.prev, seq)
    const [eventHash, leaf] = [eventHashOf(canonical), leafHashOf(canonical)]
    out.entries.push([
      ...[
        tenantId,
        seq,
        row.eventType,
        row.actor,
        row.userId,
        row.workspaceId,
        row.traceId,
        row.entityId,
        row.requestId,
      ],
      ...[stamp, HASH_VERSION, out.prev, eventHash, leaf, canonical],
    ])
    out.payloads.push([tenantId, seq, row.salt, row.data])
    growFrontier(frontier, size, leaf, (level, index, value) => out.nodes.push([tenantId, level, index, value]))
    out.prev = eventHash
    size = seq
  }
  return out
}

// Runs inside the writer's open transaction: the caller holds the write lock, so the head cannot move meanwhile.
export const appendAudit = (
  db: SqliteHandle,
  tenantId: string,
  drafts: readonly AuditDraft[],
  now: Date,
): { firstSeq: number; lastSeq: number } => appendPrepared(db, tenantId, prepareDrafts(tenantId, drafts, now), now)

export const appendPrepared = (
  db: SqliteHandle,
  tenantId: string,
  rows: readonly Prepared[],
  now: Date,
): { firstSeq: number; lastSeq: number } => {
  const stamp = now.toISOString().replace('Z', '+00:00')
  const head = headOf(db, tenantId, stamp)
  if (rows.length === 0) return { firstSeq: head.size + 1, lastSeq: head.size }
  const grown = chain(tenantId, head, rows, stamp)
  const size = head.size + rows.length
  prepared(db, SQL.entries).run(JSON.stringify(grown.entries))
  prepared(db, SQL.payloads).run(JSON.stringify(grown.payloads))
  if (grown.nodes.length > 0) prepared(db, SQL.nodes).run(JSON.stringify(grown.nodes))
  prepared(db, SQL.grow).run([
    size,
    grown.prev,
    rootOf(grown.frontier, size),
    grown.frontier.join(','),
    stamp,
    tenantId,
  ])
  return { firstSeq: head.size + 1, lastSeq: size }
}

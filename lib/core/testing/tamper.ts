import { canonicalFrame, canonicalOf, commitPayload, eventHashOf } from '../audit/canonical'
import { growFrontier, leafHashOf, rootOf } from '../audit/tree'
import type { Dialect } from '../migrate/schema-source'
import type { RawDatabase } from './raw-database'

const TABLES = ['AuditEntry', 'AuditPayload', 'AuditNode', 'AuditHead', 'AuditCheckpoint']

const quote = (value: unknown): string =>
  value === null || value === undefined ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`

/** Takes the triggers away: from here on only proofs stand between the log and its owner. */
export const disarm = async (raw: RawDatabase, dialect: Dialect): Promise<void> => {
  if (dialect === 'postgresql') {
    for (const table of TABLES) await raw.exec(`ALTER TABLE "${table}" DISABLE TRIGGER USER`)
    return
  }
  const triggers = await raw.rows(`SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'`)
  for (const { name } of triggers) await raw.exec(`DROP TRIGGER "${String(name)}"`)
}

const iso = (value: unknown): string =>
  value instanceof Date
    ? new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString()
    : String(value).replace('+00:00', 'Z')

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Changes one event and makes everything after it fit again, as somebody who knows the format would. */
export const rewriteAndRechain = async (raw: RawDatabase, tenantId: string, seq: number, actor: string) => {
  const tenant = quote(tenantId)
  const rows = await raw.rows(
    `SELECT e.*, p."salt", p."data" FROM "AuditEntry" e JOIN "AuditPayload" p ON p."tenantId" = e."tenantId" AND p."seq" = e."seq"
     WHERE e."tenantId" = ${tenant} ORDER BY e."seq"`,
  )
  await raw.exec(`DELETE FROM "AuditNode" WHERE "tenantId" = ${tenant}`)
  const frontier: string[] = []
  const nodes: string[] = []
  let prev: string | null = null
  for (const [index, row] of rows.entries()) {
    const number = index + 1
    const frame = canonicalFrame({
      tenantId,
      actor: number === seq ? actor : String(row['actor']),
      createdAt: iso(row['createdAt']),
      commitment: commitPayload(String(row['data']), String(row['salt'])),
      eventType: String(row['eventType']),
      traceId: textOrNull(row['traceId']),
      userId: textOrNull(row['userId']),
      workspaceId: textOrNull(row['workspaceId']),
    })
    const canonical: string = canonicalOf(frame, prev, number)
    const [hash, leaf] = [eventHashOf(canonical), leafHashOf(canonical)]
    await raw.exec(
      `UPDATE "AuditEntry" SET "actor" = ${quote(number === seq ? actor : row['actor'])}, "seq" = ${number}, "canonical" = ${quote(canonical)},
       "prevEventHash" = ${quote(prev)}, "eventHash" = ${quote(hash)}, "leafHash" = ${quote(leaf)}
       WHERE "tenantId" = ${tenant} AND "seq" = ${Number(row['seq'])};
       UPDATE "AuditPayload" SET "seq" = ${number} WHERE "tenantId" = ${tenant} AND "seq" = ${Number(row['seq'])}`,
    )
    growFrontier(frontier, index, leaf, (level, at, value) =>
      nodes.push(`(${tenant}, ${level}, ${at}, ${quote(value)})`),
    )
    prev = hash
  }
  if (nodes.length > 0)
    await raw.exec(`INSERT INTO "AuditNode" ("tenantId", "level", "index", "hash") VALUES ${nodes.join(', ')}`)
  await raw.exec(
    `UPDATE "AuditHead" SET "size" = ${rows.length}, "headHash" = ${quote(prev)}, "rootHash" = ${quote(rootOf(frontier, rows.length))},
     "frontier" = ${quote(frontier.join(','))} WHERE "tenantId" = ${tenant}`,
  )
}

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEachDialect, freshDatabase, type TestDatabase } from '../testing/database'
import { appendDrafts, openRaw, type RawDatabase } from '../testing/raw-database'
import { INBOX_INSERT_SQL, inboxRows } from './append-postgresql'
import { commitPayload } from './canonical'
import { type AuditDraft, prepareDrafts } from './draft'

const NOW = new Date('2026-01-02T03:04:05.678Z')

const awkward = (i: number): AuditDraft => ({
  event: i % 2 ? 'auth_success' : 'config_change',
  actor: `user:${i} "quoted" \\ \u0001 é 😀`,
  userId: i % 3 ? `u${i}` : null,
  entityId: 'with a NUL \0 and half a pair \ud800.',
  ...(i % 5 ? { workspaceId: 'w', traceId: `trace-${i}` } : {}),
  requestId: `r${i}`,
  data: { z: i, a: ['\0', '"event_data":{"commitment":"'], nested: { b: null, a: true } },
})

const opened = async (dialect: TestDatabase['dialect']) => {
  const db = await freshDatabase(dialect)
  const raw = openRaw(db)
  const close = async () => {
    await raw.close()
    await db.close()
  }
  return { db, raw, close }
}

const TABLES = { AuditEntry: '"seq"', AuditPayload: '"seq"', AuditNode: '"level", "index"', AuditHead: '"tenantId"' }

const plain = (value: unknown): unknown => {
  if (value instanceof Date) return new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString()
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return typeof value === 'string' ? value.replace('+00:00', 'Z') : value
}

const dump = async (raw: RawDatabase) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(TABLES).map(async ([table, order]) => {
        const rows = await raw.rows(`SELECT * FROM "${table}" ORDER BY "tenantId", ${order}`)
        return [
          table,
          rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)]))),
        ] as const
      }),
    ),
  )

describe('appending', () => {
  test('both databases hold the same bytes for the same events', async () => {
    const [lite, postgres] = await Promise.all([opened('sqlite'), opened('postgresql')])
    const drafts = Array.from({ length: 70 }, (_, i) => awkward(i))
    for (let at = 0, group = 1; at < drafts.length; at += group, group = (group % 9) + 1) {
      const rows = prepareDrafts('t', drafts.slice(at, at + group), NOW)
      await lite.raw.append('t', rows, NOW)
      await postgres.raw.append('t', rows, NOW)
    }
    const [a, b] = [await dump(lite.raw), await dump(postgres.raw)]
    expect(a['AuditEntry']).toHaveLength(70)
    expect(b).toEqual(a)
    await Promise.all([lite.close(), postgres.close()])
  })

  test('an event that the catalogue does not name is refused', () => {
    const draft = { event: 'made_up', actor: 'user:1' } as unknown as AuditDraft
    expect(() => prepareDrafts('t', [draft], NOW)).toThrow(/not in the catalogue/)
  })

  test('payloads are salted, redacted and name the entity and the request', () => {
    const draft: AuditDraft = { event: 'config_change', actor: 'user:1', entityId: 'e', requestId: 'r' }
    const [one, two] = prepareDrafts('t', [{ ...draft, data: { note: `Bearer ${'x'.repeat(30)}` } }, draft], NOW)
    expect(one?.data).toBe('{"entity_id":"e","note":"Bearer [REDACTED]","request_id":"r"}')
    expect(one?.salt).toMatch(/^[0-9a-f]{32}$/)
    expect(two?.salt).not.toBe(one?.salt)
    expect(one?.frame.head).toContain(commitPayload(one?.data ?? '', one?.salt ?? ''))
  })
})

const FORBIDDEN = [
  `DELETE FROM "AuditEntry" WHERE "seq" = 2`,
  `UPDATE "AuditEntry" SET "actor" = 'user:other' WHERE "seq" = 2`,
  `UPDATE "AuditEntry" SET "entityId" = NULL, "requestId" = NULL WHERE "seq" = 2`,
  `UPDATE "AuditPayload" SET "data" = '{}' WHERE "seq" = 2`,
  `UPDATE "AuditPayload" SET "data" = '', "salt" = '' WHERE "seq" = 2`,
  `DELETE FROM "AuditPayload"`,
  `UPDATE "AuditNode" SET "hash" = 'x'`,
  `DELETE FROM "AuditNode"`,
  `UPDATE "AuditHead" SET "size" = 1`,
  `UPDATE "AuditHead" SET "rootHash" = 'x'`,
  `DELETE FROM "AuditHead"`,
  `UPDATE "AuditCheckpoint" SET "note" = 'x'`,
  `DELETE FROM "AuditCheckpoint"`,
  `INSERT INTO "AuditEntry" ("tenantId", "seq", "eventType", "actor", "createdAt", "eventHash", "leafHash", "canonical")
   VALUES ('t', 9, 'auth_success', 'user:1', '2026-01-01', 'x', 'x', 'x')`,
]
const REPLACING = ['AuditEntry', 'AuditPayload', 'AuditNode', 'AuditCheckpoint'].map(
  (table) => `REPLACE INTO "${table}" SELECT * FROM "${table}"`,
)
const SHRINKING = `REPLACE INTO "AuditHead" ("tenantId", "size", "frontier", "updatedAt") VALUES ('t', 0, '', '')`
const TRUNCATING = ['AuditEntry', 'AuditPayload', 'AuditNode', 'AuditHead', 'AuditCheckpoint'].map(
  (table) => `TRUNCATE "${table}" CASCADE`,
)

describeEachDialect('the database itself', (dialect) => {
  let at: Awaited<ReturnType<typeof opened>>
  beforeAll(async () => {
    at = await opened(dialect)
    await appendDrafts(at.raw, 't', [awkward(1), awkward(2), awkward(3)], NOW)
    await at.raw.exec(
      `INSERT INTO "AuditCheckpoint" VALUES ('t', 3, 'r', 'h', 'n', 'k', '2026-01-01T00:00:00.000+00:00')`,
    )
  })
  afterAll(() => at.close())

  test.each([...FORBIDDEN, ...(dialect === 'sqlite' ? [...REPLACING, SHRINKING] : TRUNCATING)])(
    'refuses %s',
    async (sql) => {
      const before = await dump(at.raw)
      await expect(at.raw.exec(sql)).rejects.toThrow(/append-only/)
      expect(await dump(at.raw)).toEqual(before)
    },
  )

  test('lets a payload be erased once, and then the search columns', async () => {
    const erase = `UPDATE "AuditPayload" SET "data" = '', "salt" = '', "erasedAt" = '2026-02-01T00:00:00.000+00:00' WHERE "seq" = 3`
    await at.raw.exec(erase)
    await at.raw.exec(`UPDATE "AuditEntry" SET "entityId" = NULL, "requestId" = NULL WHERE "seq" = 3`)
    await expect(at.raw.exec(erase)).rejects.toThrow(/append-only/)
    await expect(at.raw.exec(`UPDATE "AuditEntry" SET "entityId" = 'x' WHERE "seq" = 3`)).rejects.toThrow(/append-only/)
  })
})

const workers = <T>(count: number, work: (worker: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, worker) => work(worker)))

describe('several writers on PostgreSQL', () => {
  test('leave no gap and no duplicate, and a rollback leaves nothing', async () => {
    const { db, raw, close } = await opened('postgresql')
    const pools = [0, 1].map(() => new pg.Pool({ connectionString: db.url, max: 10 }))
    // A connection that is already closing may still hear that its database is gone.
    for (const pool of pools) pool.on('error', () => undefined)
    await workers(20, async (worker) => {
      const runner = await (pools[worker % 2] ?? new pg.Pool()).connect()
      for (let i = 0; i < 100; i++) {
        await runner.query('BEGIN')
        const tenants = worker % 4 < 2 ? ['a', 'b'] : ['b', 'a']
        for (const tenant of i % 5 === 0 ? tenants : ['a']) {
          const draft: AuditDraft = { event: 'auth_success', actor: `user:${worker}`, data: { i } }
          await runner.query(INBOX_INSERT_SQL, [inboxRows(tenant, [draft], NOW)])
        }
        await runner.query(i % 10 === 9 ? 'ROLLBACK' : 'COMMIT')
      }
      runner.release()
    })
    const [counts] = await raw.rows(
      `SELECT count(*)::int AS entries, max("seq")::int AS last, count(DISTINCT "seq")::int AS seqs,
       (SELECT "size"::int FROM "AuditHead" WHERE "tenantId" = 'a') AS size,
       (SELECT "size"::int FROM "AuditHead" WHERE "tenantId" = 'b') AS other,
       (SELECT count(*)::int FROM "AuditInbox") AS waiting FROM "AuditEntry" WHERE "tenantId" = 'a'`,
    )
    expect(counts).toEqual({ entries: 1800, last: 1800, seqs: 1800, size: 1800, other: 400, waiting: 0 })
    await Promise.all(pools.map((pool) => pool.end()))
    await close()
  }, 60_000)
})

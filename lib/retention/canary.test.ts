import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { targetOf } from '@/lib/core/migrate/target'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { rawQuery } from '@/lib/core/testing/raw-query'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { agentSpans, newTraceHex, said } from '@/lib/core/testing/sample-span'
import { ingestSpans, listTracesForOps } from '@/lib/tracing'
import { OpsTraceQuery } from '@/lib/tracing/contract'
import type { SpanDraft } from '@/lib/tracing/span-draft'
import { enforce, eraseUser, setPolicy } from './index'

const NOON = new Date('2026-03-01T12:00:00Z')
const HOUR = 3_600_000
const clock = fixedClock(NOON)

// An index stores of a word only what it does not share with the one before it: each begins with a letter of its own.
const LETTERS = 'qzxjkvuyg'
const wordOf = (n: number) => (n < LETTERS.length ? `${LETTERS[n]}quokka${n}canary` : `other${n}`)

const spansAbout = (word: string): SpanDraft[] =>
  agentSpans(newTraceHex()).map((span) => ({
    ...span,
    name: `${span.name} ${word}`,
    attributes: { note: word, long: `${word} ${'x '.repeat(500)}` },
    content: { ...span.content, input: [said('user', `is ${word} here? ${'very '.repeat(200)}`)] },
    tool: { ...span.tool, arguments: { q: word } },
    grouping: { ...span.grouping, userId: 'ann', metadata: { word } },
    events: [{ name: 'log', timeNs: span.startNs, attributes: { word } }],
    status: { ...span.status, message: word },
  }))

const TABLES = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'`,
  postgresql: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
}

// Every row of every table, as text.
const tablesWith = async (word: string): Promise<string[]> => {
  const { url, dialect } = kernel().db
  const names = (await rawQuery(url, TABLES[dialect])).map((row) => String(row['name']))
  const found: string[] = []
  for (const name of names.filter((table) => !table.startsWith('TraceTextIndex_'))) {
    const rows = await rawQuery(url, `SELECT * FROM "${name}"`).catch(() => [])
    const text = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
    if (text.includes(word)) found.push(name)
  }
  return found
}

// The very bytes of the file and of its log; PostgreSQL keeps its own until it vacuums.
const bytesHold = (word: string): boolean => {
  const target = targetOf(kernel().db.url)
  if (target.dialect !== 'sqlite') return false
  const files = [target.path, `${target.path}-wal`].filter((path) => existsSync(path))
  return files.some((path) => readFileSync(path).includes(word))
}

const searchOf = async (tenant: TestTenant, word: string): Promise<number> =>
  (await listTracesForOps(tenant.scope, OpsTraceQuery.parse({ q: word }))).traces.length

const indexHits = async (word: string): Promise<number> => {
  const { url, dialect } = kernel().db
  const [row] = await rawQuery(
    url,
    dialect === 'sqlite'
      ? `SELECT COUNT(*) AS n FROM "TraceTextIndex" WHERE "TraceTextIndex" MATCH 'text : ${word}'`
      : `SELECT COUNT(*) AS n FROM "TraceText" WHERE
          (array_to_tsvector(ARRAY['tenant=' || "tenantId"]) || to_tsvector('simple', "text")) @@ '${word}'::tsquery`,
  )
  return Number(row?.['n'])
}

const keepReply = (tenantId: string, traceId: string, reply: string) =>
  systemWrite(({ client }) =>
    client.idempotencyKey.create({
      data: {
        ...{ tenantId, principal: 'p', route: 'r', key: traceId, bodyHash: 'h', state: 'done', traceId, reply },
        ...{ createdAt: clock.now(), leaseUntil: clock.now(), expiresAt: clock.now() },
      },
    }),
  )

describeEachDialect('a word that was said', (dialect) => {
  useKernel(dialect, { clock })

  const fill = async (tenant: TestTenant, word: string) => {
    const id = await recordRun(tenant.scope, { word, userId: 'ann', status: 'error', webhook: 'delivered' })
    await ingestSpans(tenant.scope, spansAbout(word), { source: '/v1/traces' })
    expect(await indexHits(word)).toBeGreaterThan(0)
    expect(await searchOf(tenant, word)).toBeGreaterThan(0)
    return id
  }

  const expectGone = async (tenant: TestTenant, word: string) => {
    expect(await tablesWith(word)).toEqual([])
    expect(await indexHits(word)).toBe(0)
    expect(await searchOf(tenant, word)).toBe(0)
    expect(bytesHold(word)).toBe(false)
  }

  it('is nowhere after its trace was deleted, and the words of others are where they were', async () => {
    clock.set(NOON)
    const [tenant, other] = [await newTenant(), await newTenant()]
    const [word, kept] = [wordOf(1), wordOf(2)]
    await fill(tenant, word)
    await recordRun(other.scope, { word: kept })
    await setPolicy(tenant.scope, { retention_days: 1 })
    // Spans of the samples say when they began themselves, long after the runs.
    clock.set(new Date('2030-01-01T00:00:00Z'))
    expect(bytesHold(word)).toBe(dialect === 'sqlite')
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_deleted: 2, is_complete: true })
    await expectGone(tenant, word)
    expect(await searchOf(other, kept)).toBe(1)
    expect(await tablesWith(kept)).not.toEqual([])
  })

  it.each(['summary', 'minimal'] as const)('is nowhere after its trace was reduced to %s', async (mode) => {
    clock.set(NOON)
    const tenant = await newTenant()
    const word = wordOf(mode === 'summary' ? 3 : 4)
    const id = await recordRun(tenant.scope, { word, status: 'error', webhook: 'delivered' })
    // What people write about a trace, and what it is called, stays with a summary.
    await systemWrite(async ({ client }) => {
      await client.traceLabel.deleteMany({ where: { traceId: id } })
      await client.traceAnnotation.deleteMany({ where: { traceId: id } })
    })
    await ingestSpans(
      tenant.scope,
      spansAbout(word).map((span) => ({ ...span, name: 'plain', tool: { ...span.tool, name: 'look' } })),
      { source: '/v1/traces' },
    )
    await setPolicy(tenant.scope, { storage_mode: mode, retention_days: 3650 })
    clock.set(new Date('2030-01-01T00:00:00Z'))
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_reduced: 2, traces_deleted: 0 })
    await expectGone(tenant, word)
    const rows = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
    expect(rows.map(({ storage }) => storage)).toEqual([mode, mode])
    expect(rows.map(({ costMicroUsd }) => costMicroUsd)).toContain(1_200n)
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_reduced: 0 })
  })

  it('is nowhere though the index itself only marks what is deleted', async () => {
    const { url } = kernel().db
    const set = (on: number) =>
      rawQuery(url, `INSERT INTO "TraceTextIndex" ("TraceTextIndex", rank) VALUES ('secure-delete', ${on})`)
    // The index of PostgreSQL has no such setting: there the words go with their rows.
    const setting = async (on: number) => void (dialect === 'sqlite' && (await set(on)))
    await setting(0)
    clock.set(NOON)
    const tenant = await newTenant()
    const word = wordOf(8)
    for (let n = 0; n < 20; n++)
      await recordRun(tenant.scope, n === 7 ? { word, userId: 'ann' } : { word: wordOf(100 + n) })
    clock.advance(HOUR + 1)
    const { erased } = await eraseUser(tenant.scope, {
      user_id: 'ann',
      reason_code: 'data_subject_request',
      justification: 'Ann asked for it by letter',
    })
    expect(erased).toMatchObject({ traces_deleted: 1 })
    await expectGone(tenant, word)
    await setting(1)
  })

  it('is nowhere after its speaker was erased, though others said it', async () => {
    clock.set(NOON)
    const tenant = await newTenant()
    const word = wordOf(5)
    const id = await fill(tenant, word)
    await keepReply(tenant.id, id, word)
    const other = await recordRun(tenant.scope, { userId: 'bob', word: wordOf(6) })
    const running = await recordRun(tenant.scope, { userId: 'ann', word: wordOf(7), isRunning: true })
    clock.advance(HOUR + 1)
    const { erased } = await eraseUser(tenant.as('release_manager'), {
      user_id: 'ann',
      reason_code: 'data_subject_request',
      justification: 'Ann asked for it by letter',
    })
    expect(erased).toMatchObject({ traces_deleted: 2, is_complete: true, left: { running: 1, pending: 0 } })
    await expectGone(tenant, word)
    const left = (await tenant.scope.db.trace.findMany({})).map((trace) => trace.id)
    expect(left.sort()).toEqual([other, running].sort())
  })
})

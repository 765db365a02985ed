import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { OpsTraceQuery, TraceQuery } from './contract'
import { listTraces, listTracesForOps } from './index'
import { ftsMatch, parseSearch, tenantWord, tsMatch } from './search-query'
import { snippetOf } from './snippet'

const asked = (q: string, more: object = {}) => OpsTraceQuery.parse({ q, ...more })

const HOSTILE = [
  ...['"', '""', '*', '**', '-', '^', '()', ':*', "'", "''", '\\', "\\'", '"unclosed', 'a" OR tenantId:b', '{text}: x'],
  ...['NEAR(a b)', 'a AND', 'OR', 'NOT', 'text:foo', 'a:*', '!a', 'a & b', 'a | b', '<->', 'a <2> b', "a' || 'b", '%'],
  ...['; DROP TABLE "Trace"; --', 'x\u0001y', '\u202e', '🔑', 'ü*', `${'a '.repeat(30)}`, '$1', ':match', '"a" *'],
]

describeEachDialect('the search in texts', (dialect) => {
  useKernel(dialect)

  const found = async (tenant: TestTenant, q: string, more: object = {}) =>
    (await listTracesForOps(tenant.scope, asked(q, more))).traces.map(({ id }) => id)

  it('finds words that all stand there, phrases, and beginnings, in the own tenant alone', async () => {
    const [a, b] = await twoTenants()
    const text = 'The quick brown fox; Ein Mädchen läuft. Fehler in example.com/path foo_bar-baz 42'
    await putTrace(b.id, { text })
    const id = await putTrace(a.id, { text })
    await putTrace(a.id, { text: 'something else, quick' }, 1)
    for (const q of [
      ...['brown', 'BROWN quick', '"quick brown"', 'quick brown', 'bro*', '"quick bro"*', 'Mädchen', 'mäd*', '42'],
      ...['example.com', 'foo_bar-baz', '"brown fox"', 'fox; fehler', '"quick  brown'],
    ])
      expect([q, await found(a, q)]).toEqual([q, [id]])
    for (const q of ['brow', '"brown quick"', 'quick -brown absent', 'absent*', 'brown AND absent'])
      expect([q, await found(a, q)]).toEqual([q, []])
    expect(await found(a, 'brown', { status: 'error' })).toEqual([])
    expect(await found(a, 'quick', { limit: 1 })).toEqual([id])
    expect(await listTracesForOps(a.scope, asked('quick', { limit: 1 }))).toMatchObject({ total: 2, has_more: true })
  })

  it('a tenant whose name begins like another finds nothing of it', async () => {
    const { id } = await newTenant('t')
    const long = await newTenant(`${id}.more`)
    await putTrace(long.id, { text: 'canary' })
    const scope = scopeOf(identityOf(id))
    expect((await listTracesForOps(scope, asked('canary'))).total).toBe(0)
    expect((await listTracesForOps(scope, asked('more'))).total).toBe(0)
    expect((await listTracesForOps(long.scope, asked('canary'))).total).toBe(1)
  })

  it.each(HOSTILE)('%j is a word or nothing, never an operator', async (q) => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, { text: 'a b x foo text drop table trace match' })
    const found = await listTracesForOps(a.scope, asked(q))
    expect(found).toMatchObject({ total: 0, traces: [] })
  })

  it('ten thousand signs are refused or harmless', async () => {
    const { scope } = await newTenant()
    await expect(listTracesForOps(scope, asked('a '.repeat(5_000)))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(listTracesForOps(scope, asked('a'.repeat(10_000)))).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await listTracesForOps(scope, asked('('.repeat(10_000)))).total).toBe(0)
  })

  it('is shut for those who may not read texts, whatever the words', async () => {
    const tenant = await newTenant()
    await putTrace(tenant.id, { text: 'canary' })
    for (const role of ['viewer', 'operator', 'release_manager'] as const) {
      const before = (await tenant.audits()).length
      for (const q of ['canary', 'absent', '"'])
        await expect(listTracesForOps(tenant.as(role), asked(q))).rejects.toMatchObject({ code: 'permission_denied' })
      expect((await tenant.audits()).length).toBe(before)
      expect((await listTracesForOps(tenant.as(role), asked(' '))).total).toBe(1)
    }
  })

  it('shows where it found them, and leaves one row for the search', async () => {
    const tenant = await newTenant()
    const ids = [
      await putTrace(tenant.id, { text: `${'x '.repeat(200)}here is the Canary, you see ${'y '.repeat(200)}` }),
    ]
    await putTrace(tenant.id, { text: 'nothing' }, 1)
    const page = await listTracesForOps(tenant.scope, asked('canary'))
    expect(page.traces[0]?.snippet?.filter(({ is_match: hit }) => hit)).toEqual([{ text: 'Canary', is_match: true }])
    expect((await tenant.audits()).filter(({ eventType }) => eventType === 'trace_revealed')).toHaveLength(1)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'trace_revealed' })
    const service = scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null }))
    expect((await listTraces(service, TraceQuery.parse({ q: 'canary' }))).traces.map(({ id }) => id)).toEqual(ids)
    expect((await tenant.audits()).filter(({ eventType }) => eventType === 'trace_revealed')).toHaveLength(1)
    expect(JSON.stringify(await listTracesForOps(tenant.scope, asked('')))).not.toContain('snippet')
  })

  it('keeps to the workspaces of the reader', async () => {
    const tenant = await newTenant()
    await putTrace(tenant.id, { text: 'canary', workspaceId: 'hr' })
    const limited = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['sales'] }))
    expect((await listTracesForOps(limited, asked('canary'))).total).toBe(0)
  })

  it('works together with labels', async () => {
    const tenant = await newTenant()
    const id = await putTrace(tenant.id, { text: 'canary', labels: { env: 'x' } })
    await putTrace(tenant.id, { text: 'canary' }, 1)
    expect(await found(tenant, 'canary', { label_key: 'env' })).toEqual([id])
    expect(await found(tenant, 'canary', { label_key: 'env', label_value: 'x' })).toEqual([id])
    expect(await found(tenant, 'canary', { label_key: 'env', label_value: 'y' })).toEqual([])
  })
})

describe('what people type', () => {
  it('is words, phrases and beginnings', () => {
    expect(parseSearch('a "b c" d* "e f"* "open one')).toEqual([
      { text: 'a', isPrefix: false },
      { text: 'b c', isPrefix: false },
      { text: 'd', isPrefix: true },
      { text: 'e f', isPrefix: true },
      { text: 'open one', isPrefix: false },
    ])
    expect(parseSearch(' *** "" - \u0000 ')).toEqual([])
  })

  it('is quoted for each database', () => {
    const terms = parseSearch(`o'neil back\\slash pre*`)
    expect(ftsMatch('t', terms)).toBe(
      `"tenantId" : ^ "t" AND "text" : "o'neil" AND "text" : "back\\slash" AND "text" : "pre" *`,
    )
    expect(tsMatch(terms)).toBe(`'o''neil' & 'back\\\\slash' & 'pre':*`)
    expect(tenantWord(`a'b`)).toBe(`'tenant=a''b'`)
  })

  it('is marked in a short piece of the text', () => {
    const [word] = [parseSearch('fox')]
    expect(snippetOf('a fox, no foxes', word)).toEqual([
      { text: 'a ', is_match: false },
      { text: 'fox', is_match: true },
      { text: ', no foxes', is_match: false },
    ])
    expect(snippetOf('nothing', word)).toEqual([{ text: 'nothing', is_match: false }])
    expect(snippetOf('', word)).toEqual([])
    const long = snippetOf(`${'😀'.repeat(300)} fox ${'😀'.repeat(300)}`, word)
      .map(({ text }) => text)
      .join('')
    expect(long.length).toBeLessThan(260)
    expect(() => encodeURIComponent(long)).not.toThrow()
    expect(snippetOf('quick,  brown', parseSearch('"quick brown"'))[0]).toMatchObject({ is_match: true })
  })
})

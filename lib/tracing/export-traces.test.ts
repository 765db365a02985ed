import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, putTraces } from '@/lib/core/testing/sample-trace'
import { ExportQuery } from './contract'
import { csvCell, csvLine } from './export-lines'
import { exportTraces } from './index'

const asked = (query: object) => ExportQuery.parse(query)
const CANARY = { inputs: { message: 'CANARY in' }, outcome: { message: '=CANARY("out")', tool_calls: [] } }

describeEachDialect('exports of traces', (dialect) => {
  useKernel(dialect)

  it('hold all that a filter finds, however many pages, and nothing of others', async () => {
    const [a, b] = await twoTenants()
    await putTrace(b.id, { model: 'm' })
    await putTrace(a.id, { model: 'other' })
    const ids = await putTraces(a.id, 1_003, { model: 'm' })
    const response = await exportTraces(a.as('viewer'), asked({ model: 'm' }))
    expect(response.headers.get('content-type')).toMatch(/ndjson/)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="clasper-traces-.*\.jsonl"$/)
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string })
    expect(lines.map(({ id }) => id).sort()).toEqual(ids.sort())
    expect(await a.lastAudit()).toMatchObject({ eventType: 'export_created' })
  })

  it('have texts only for readers who may see them, and leave a row that says so', async () => {
    const [a] = await twoTenants()
    await putTrace(a.id, { ...CANARY, error: 'CANARY error', errorCode: 'provider_error', labels: { k: '=1+1' } })
    for (const format of ['csv', 'jsonl']) {
      for (const role of ['viewer', 'operator', 'release_manager'] as const)
        expect(await (await exportTraces(a.as(role), asked({ format }))).text()).not.toMatch(/CANARY|"input":|,input,/)
      expect((await a.audits()).some(({ eventType }) => eventType === 'trace_revealed')).toBe(false)
    }
    const open = await (await exportTraces(a.scope, asked({ format: 'csv' }))).text()
    expect(open).toContain('CANARY in')
    expect(open).toContain(`"'=CANARY(""out"")"`)
    expect(await a.lastAudit()).toMatchObject({ eventType: 'trace_revealed' })
    const service = scopeOf(identityOf(a.id, 'admin', { plane: 'service', userId: null }))
    const [line] = (await (await exportTraces(service, asked({}))).text()).split('\n')
    expect(JSON.parse(line ?? '')).toMatchObject({
      input: 'CANARY in',
      output: '=CANARY("out")',
      labels: { k: '=1+1' },
    })
  })

  it('of nothing are a header or empty, and q is for readers of texts', async () => {
    const [a] = await twoTenants()
    expect(await (await exportTraces(a.scope, asked({ format: 'csv' }))).text()).toMatch(/^id,started_at,[^\n]*\r\n$/)
    expect(await (await exportTraces(a.scope, asked({}))).text()).toBe('')
    await expect(exportTraces(a.as('operator'), asked({ q: 'x' }))).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('stop when nobody reads on', async () => {
    const [a] = await twoTenants()
    for (let at = 0; at < 3; at++) await putTrace(a.id, {}, at)
    const { body } = await exportTraces(a.scope, asked({}))
    await body?.cancel()
    expect(body?.locked).toBe(false)
  })
})

describe('cells', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    [' =1', `"' =1"`],
    ['\t=1', `"'\t=1"`],
    ['＝1', `"'＝1"`],
    ['a"b', '"a""b"'],
    ['a,b\r\nc', '"a,b\r\nc"'],
    ['plain', 'plain'],
    [-1, '-1'],
    [0.5, '0.5'],
    [null, ''],
    [undefined, ''],
    [true, 'true'],
    [{ k: '=x' }, '"{""k"":""=x""}"'],
  ])('%j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('stand in the order of their columns', () => {
    expect(csvLine(['b', 'a', 'c'], { a: 1, b: 'x' })).toBe('x,1,\r\n')
  })
})

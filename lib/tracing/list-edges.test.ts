import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, putTraces } from '@/lib/core/testing/sample-trace'
import { encodeCursor } from '@/lib/shared/page'
import { OpsStatsQuery, OpsTraceQuery, SpanFilter } from './contract'
import { addToRollup, labelTrace, listTracesForOps, traceStatsForOps, tracesByLabel } from './index'

const asked = (query: object) => OpsTraceQuery.parse(query)

describeEachDialect('at its edges the list', (dialect) => {
  useKernel(dialect)

  it('takes every time that a calendar has', async () => {
    const { id, scope } = await newTenant()
    await putTrace(id)
    const [early, late] = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00']
    const whole = { start_date: early, end_date: late }
    expect((await listTracesForOps(scope, asked(whole))).traces).toHaveLength(1)
    expect((await listTracesForOps(scope, asked({ start_date: late }))).traces).toEqual([])
    expect((await listTracesForOps(scope, asked({ end_date: early }))).traces).toEqual([])
    const cursor = encodeCursor([late, '0193f0a0-0000-7000-8000-00000000dead'])
    expect((await listTracesForOps(scope, asked({ cursor }))).traces).toHaveLength(1)
    await traceStatsForOps(scope, OpsStatsQuery.parse(whole))
  })

  it('of spans knows no cursor beyond what a span can begin at', () => {
    const at = (digits: string) => SpanFilter.safeParse({ cursor: encodeCursor([digits, '0'.repeat(16)]) }).success
    expect(['-1', '0', `${2n ** 63n - 1n}`].map(at)).toEqual([true, true, true])
    expect(['-2', `${2n ** 63n}`, '9'.repeat(20), `-${'9'.repeat(19)}`].map(at)).toEqual([false, false, false, false])
  })

  it('finds a label by what was said when it was set', async () => {
    const { id, scope } = await newTenant()
    const trace = await putTrace(id)
    await labelTrace(scope, trace, { 'ann@example.com': 'bob@example.com' })
    const found = await tracesByLabel(scope, { label_key: 'ann@example.com', label_value: 'bob@example.com', limit: 5 })
    expect(found.trace_ids).toEqual([trace])
  })

  it('does not count what retention took long ago', { timeout: 60_000 }, async () => {
    const { id, scope } = await newTenant()
    const summed = async (count: number, facts: object = {}) => {
      const ids = await putTraces(id, count, facts)
      await scope.command({ audit: [], writes: [addToRollup(...ids)] })
    }
    await summed(500, { startedAt: new Date('2025-01-01T00:00:00Z') })
    await scope.mutate({ event: 'config_change' }, (db) => db.trace.deleteMany({ where: {} }))
    for (let part = 0; part < 10; part++) await summed(1_000)
    await summed(2)
    const { total, total_exact: isExact } = await listTracesForOps(scope, asked({ limit: 1 }))
    expect([total, isExact]).toEqual([10_002, false])
  })
})

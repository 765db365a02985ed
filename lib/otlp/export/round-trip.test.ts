import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { JSON_TYPE, PROTO_TYPE, useOtlpHouse } from '@/lib/core/testing/otlp-house'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { readRunSpans } from '@/lib/tracing'
import { exportBody } from './export-request'

const SENDER = { service: 'clasper', version: '1.0.0' }

describeEachDialect('what a run says when it leaves', (dialect) => {
  const house = useOtlpHouse(dialect)

  it.each([true, false])(
    'is understood elsewhere as the same run, and refused where it comes from (JSON: %s)',
    async (isJson) => {
      const [here, there] = [await house.project(), await house.project()]
      const id = await recordRun(here.scope, { word: 'plum' })
      const run = (await readRunSpans(here.scope, id, true)) ?? expect.unreachable()
      const bytes = Buffer.from(exportBody(run, { ...SENDER, tenantId: here.id }, isJson))
      const headers = isJson ? JSON_TYPE : PROTO_TYPE
      expect((await house.post(here.key, bytes, { headers })).status).toBe(200)
      expect(await here.scope.db.traceSpan.count({ where: { traceId: id } })).toBe(0)
      expect((await house.post(there.key, bytes, { headers })).status).toBe(200)
      const rows = await there.scope.db.traceSpan.findMany({ where: { traceId: id } })
      const short = rows.map((row) => [row.spanId, row.parentSpanId, row.kind, row.status, row.toolName, row.startNs])
      const wanted = run.spans.map((s) => [s.id, s.parent_id, s.kind, s.status, s.tool_name, BigInt(s.start_ns)])
      expect(short).toHaveLength(run.spans.length)
      expect(short).toEqual(expect.arrayContaining(wanted))
      expect(rows.find(({ kind }) => kind === 'inference')).toMatchObject({ inUncached: 7, requestModel: 'gpt-4o' })
      const trace = await there.scope.db.trace.findFirst({ where: { id } })
      expect(trace).toMatchObject({ sessionKey: 'user:u1:agent', agentRole: 'agent', toolCallCount: 2 })
    },
  )

  it('is told to nobody of another tenant, nor of a run that goes on', async () => {
    const [a, b] = [await house.project(), await house.project()]
    const id = await recordRun(a.scope, { word: 'plum' })
    expect(await readRunSpans(b.scope, id, true)).toBeNull()
    expect(await readRunSpans(a.scope, await recordRun(a.scope, { isRunning: true }), true)).toBeNull()
    const bare = await readRunSpans(a.scope, id, false)
    expect(exportBody(bare ?? expect.unreachable(), { ...SENDER, tenantId: a.id }, true)).not.toContain('plum')
  })
})

import { expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { agentSpans, newTraceHex, spanDraft } from '@/lib/core/testing/sample-span'
import { getTrace, getTraceDetail, ingestSpans } from '@/lib/tracing'
import { enforce, setPolicy } from './index'

const clock = fixedClock(new Date('2030-01-01T00:00:00Z'))
const HOUR = 3_600_000

describeEachDialect('what is left of a trace', (dialect) => {
  useKernel(dialect, { clock })

  const reduced = async (mode: 'full' | 'summary' | 'minimal') => {
    const tenant = await newTenant()
    const id = await recordRun(tenant.scope, { word: 'OTTER' })
    await setPolicy(tenant.scope, { storage_mode: mode })
    clock.advance(HOUR + 1)
    const { result } = await enforce(tenant.scope, {}, true)
    const { trace } = await getTraceDetail(tenant.scope, id)
    const steps = await systemDb().traceStep.findMany({ where: { traceId: id }, orderBy: { seq: 'asc' } })
    const hashes = steps.map(({ stepHash, prevStepHash }) => [prevStepHash, stepHash])
    return { tenant, id, result, trace, hashes, data: steps.map(({ data }) => JSON.parse(data) as object) }
  }

  it('differs by the mode, and says so', async () => {
    const full = await reduced('full')
    expect(full.result).toMatchObject({ traces_reduced: 0, bytes_reclaimed: 0 })
    expect(full.trace).toMatchObject({ storage: 'full', integrity: { status: 'verified' } })
    expect(full.trace.input.message).toBe('what of OTTER?')
    const summary = await reduced('summary')
    expect(summary.trace).toMatchObject({ storage: 'summary', integrity: { status: 'unverified', failures: [] } })
    expect(summary.trace.input).toEqual({ message: null, message_history: 2 })
    expect(summary.trace.output.message).toBeNull()
    expect(summary.trace.labels).toEqual({ topic: 'OTTER' })
    expect(summary.trace.output.tool_calls).toMatchObject([
      { id: 'c1', name: 'look', duration_ms: 3, permitted: true, success: true },
      { id: '', name: '[withheld]', permitted: false, success: false },
    ])
    expect(JSON.stringify({ ...summary.trace, labels: null, annotations: null })).not.toContain('OTTER')
    const minimal = await reduced('minimal')
    expect(minimal.trace).toMatchObject({ storage: 'minimal', labels: {}, annotations: {}, status: 'success' })
    expect(minimal.trace).toMatchObject({ model: 'gpt-4o', usage: { input_tokens: 7 }, integrity: { failures: [] } })
    expect(minimal.trace.output.tool_calls).toEqual([])
    expect(JSON.stringify(minimal.trace)).not.toContain('OTTER')
    expect(minimal.result?.bytes_reclaimed ?? 0).toBeGreaterThan(summary.result?.bytes_reclaimed ?? 0)
  })

  it('keeps of steps what is no payload, and their hashes as they were sealed', async () => {
    const summary = await reduced('summary')
    expect(summary.data).toEqual([
      { model: 'gpt-4o', provider: 'openai', input_tokens: 7, has_tool_calls: true },
      { tool_call_id: 'c1', tool_name: 'look', permitted: true },
      { tool_call_id: 'c1', success: true },
      { permitted: false },
    ])
    const minimal = await reduced('minimal')
    expect(minimal.data).toEqual([{ model: 'gpt-4o', provider: 'openai', input_tokens: 7 }, {}, {}, {}])
    for (const { hashes, id } of [summary, minimal]) {
      const row = await systemDb().trace.findFirst({ where: { id } })
      expect(hashes.map(([prev]) => prev)).toEqual([null, ...hashes.slice(0, -1).map(([, own]) => own)])
      expect(hashes.at(-1)?.[1]).toBe(row?.lastStepHash)
    }
  })

  it('goes on from a summary to the minimum, and never back', async () => {
    const { tenant, id } = await reduced('summary')
    await setPolicy(tenant.scope, { storage_mode: 'minimal' })
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_reduced: 1 })
    await setPolicy(tenant.scope, { storage_mode: 'summary' })
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_reduced: 0 })
    expect((await getTrace(tenant.scope, id)).trace.input.message).toBeNull()
  })

  it('leaves spans of others their place, time, model and cost', async () => {
    const tenant = await newTenant()
    await ingestSpans(tenant.scope, agentSpans(newTraceHex()), { source: '/v1/traces' })
    const where = { tenantId: tenant.id }
    const before = await systemDb().traceSpan.findMany({ where, orderBy: { spanId: 'asc' } })
    await setPolicy(tenant.scope, { storage_mode: 'minimal', retention_days: 3650 })
    await enforce(tenant.scope, {}, true)
    const after = await systemDb().traceSpan.findMany({ where, orderBy: { spanId: 'asc' } })
    const bare = { content: '{}', facts: '{}', statusMessage: null, toolName: null, toolCallId: null, flags: '[]' }
    expect(after).toEqual(before.map((span) => ({ ...span, ...bare, name: span.kind })))
    const [trace] = await systemDb().trace.findMany({ where })
    expect(trace).toMatchObject({ storage: 'minimal', spanCount: 3, inputTokens: expect.any(Number) })
    const late = await ingestSpans(tenant.scope, agentSpans(newTraceHex()), { source: '/v1/traces' })
    expect(late.accepted).toBe(3)
  })

  it.each(['summary', 'minimal'] as const)('as %s holds no words that were sent as a type of errors', async (mode) => {
    const tenant = await newTenant()
    const hex = newTraceHex()
    const failed = (n: number, errorType: string) =>
      spanDraft(hex, n, { status: { code: 'error', errorType, message: 'm' } })
    await ingestSpans(tenant.scope, [failed(1, 'OTTER would not go'), failed(2, 'rate_limit')], {
      source: '/v1/traces',
    })
    await setPolicy(tenant.scope, { storage_mode: mode, retention_days: 3650 })
    await enforce(tenant.scope, {}, true)
    const spans = await systemDb().traceSpan.findMany({ where: { tenantId: tenant.id }, orderBy: { spanId: 'asc' } })
    expect(spans.map(({ errorType }) => errorType)).toEqual([null, 'rate_limit'])
  })

  it('has no words of logs that came while it was reduced', async () => {
    const { tenant, id } = await reduced('summary')
    const row = {
      spanId: 's',
      id: 'e',
      name: 'gen_ai.user.message',
      timeNs: 1n,
      content: '{}',
      receivedAt: clock.now(),
    }
    await systemWrite(({ client }) => client.spanEvent.create({ data: { tenantId: tenant.id, traceId: id, ...row } }))
    expect((await enforce(tenant.scope, {}, true)).result).toMatchObject({ traces_reduced: 1 })
    expect(await systemDb().spanEvent.count({ where: { tenantId: tenant.id } })).toBe(0)
  })
})

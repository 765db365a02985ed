import { expect, it } from 'vitest'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex, START, said, spanDraft } from '@/lib/core/testing/sample-span'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { OpsTraceQuery } from './contract'
import { ingestSpanEvents, ingestSpans, labelTrace, listTracesForOps } from './index'
import { traceIdOf } from './span-record'

const about = { source: '/v1/traces' }
const HOUR_NS = 3_600_000_000_000n

const eventFor = (hex: string) => ({
  ...{ traceId: hex, spanId: '0'.repeat(15).concat('1'), name: 'gen_ai.user.message', timeNs: START },
  ...{ attributes: {}, body: null, content: { system: null, input: [said('user', 'OTTER')], output: [] } },
})

describeEachDialect('what comes late', (dialect) => {
  useKernel(dialect)

  it('takes the labels of its trace along, so that lists by label stay in order on every page', async () => {
    const { scope } = await newTenant()
    const hexes = [newTraceHex(), newTraceHex(), newTraceHex()]
    for (const [at, hex] of hexes.entries()) {
      await ingestSpans(scope, [spanDraft(hex, 9 + at)], about)
      await labelTrace(scope, traceIdOf(hex), { team: 'a' })
    }
    const newest = hexes[2] ?? ''
    await ingestSpans(scope, [spanDraft(newest, 1, { startNs: START - HOUR_NS })], about)
    const pages = async (filter: object) => {
      const ids: string[] = []
      for (let cursor: string | null = null; ids.length < 9; ) {
        const query = OpsTraceQuery.parse({ ...filter, limit: 1, ...(cursor === null ? {} : { cursor }) })
        const page = await listTracesForOps(scope, query)
        ids.push(...page.traces.map(({ id }) => id))
        cursor = page.next_cursor
        if (cursor === null) break
      }
      return ids
    }
    const wanted = [hexes[1], hexes[0], hexes[2]].map((hex) => traceIdOf(hex ?? ''))
    expect(await pages({})).toEqual(wanted)
    expect(await pages({ label_key: 'team' })).toEqual(wanted)
    expect(await pages({ label_key: 'team', label_value: 'a' })).toEqual(wanted)
  })

  it('is not taken by logs either where the trace takes nothing more, or is not of the sender', async () => {
    const tenant = await newTenant()
    const [kept, reduced, own] = [newTraceHex(), newTraceHex(), newTraceHex()]
    for (const hex of [kept, reduced]) await ingestSpans(tenant.scope, agentSpans(hex), about)
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { id: traceIdOf(reduced) }, data: { storage: 'minimal' } }),
    )
    await putTrace(tenant.id, { id: traceIdOf(own) })
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null, workspaceIds: ['hr'] }))
    const held = () => tenant.scope.db.spanEvent.count({ where: {} })
    for (const [scope, hex, reason] of [
      [tenant.scope, reduced, 'trace_reduced'],
      [tenant.scope, own, 'own_run'],
      [fenced, kept, 'out_of_reach'],
    ] as const) {
      const reply = await ingestSpanEvents(scope, [eventFor(hex)], { source: '/v1/logs' })
      expect(reply).toEqual({ accepted: 0, duplicates: 0, rejected: [{ spanId: eventFor(hex).spanId, reason }] })
    }
    expect(await held()).toBe(0)
    expect(await ingestSpanEvents(tenant.scope, [eventFor(kept)], { source: '/v1/logs' })).toMatchObject({
      accepted: 1,
    })
    expect(await held()).toBe(1)
  })

  it('finds an end where a trace never ends by itself', async () => {
    const { scope } = await newTenant()
    const hex = newTraceHex()
    await ingestSpans(scope, [spanDraft(hex, 1)], about)
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { id: traceIdOf(hex) }, data: { spanCount: 100_000 } }),
    )
    const { accepted, rejected } = await ingestSpans(scope, [spanDraft(hex, 2)], about)
    expect([accepted, rejected.map(({ reason }) => reason)]).toEqual([0, ['trace_full']])
  })
})

import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { allowed, approve, asking, envelope, newSigner, rule, withKey } from '@/lib/core/testing/adapter-house'
import { approver, NO } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useTelemetryHouse } from '@/lib/core/testing/telemetry-house'
import { consumeForAdapter, decisionForAdapter, resolveDecision } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { getTraceDetail } from '@/lib/tracing'
import { ingestCost, ingestMetrics, ingestTrace, requestExecution } from '../index'

describeEachDialect('work of external agents beyond their bounds', (dialect) => {
  const { clock, state, now, ids, place, trace, plain, cost } = useTelemetryHouse(dialect)

  const ask = (over: object = {}) =>
    requestExecution(state.agent, asking(state.tenant.id, { execution_id: 'run', ...over }))
  const shown = async () => (await getTraceDetail(state.tenant.scope, state.trace)).trace
  const tellSigned = async () => {
    const signer = newSigner()
    await withKey(state.tenant, signer)
    await ingestTrace(state.agent, envelope(signer, 'trace', ids(), { ...place(), ...trace() }))
  }
  const kinds = async () => (await shown()).violations.map(({ type }) => type).sort()

  it('a signed trace of what was refused is not simply verified', async () => {
    await rule(state.tenant, 'deny')
    expect(await ask()).toMatchObject({ decision: 'deny' })
    await tellSigned()
    expect(await shown()).toMatchObject({ trust_status: 'verified_with_violations' })
    expect(await kinds()).toEqual(['execution_not_allowed'])
  })

  it('nor of what waits for a person, or was refused by one', async () => {
    await rule(state.tenant, 'require_approval')
    const { decision_id: id } = await ask()
    await ingestCost(state.agent, cost(1))
    await ingestMetrics(state.agent, plain({ step_count: 1, duration_ms: 1, recorded_at: now() }))
    await tellSigned()
    expect(await shown()).toMatchObject({ trust_status: 'verified_with_violations' })
    expect(await kinds()).toEqual(['execution_not_allowed'])
    await resolveDecision(approver(state.tenant.id), id, NO)
    await ingestCost(state.agent, cost(2))
    expect(await kinds()).toEqual(['execution_not_allowed', 'execution_not_allowed'])
  })

  it('what began after its time is told, what is only told after it is not', async () => {
    await rule(state.tenant, 'allow')
    await allowed(state.tenant, state.agent, { execution_id: 'run' })
    const started_at = now()
    clock.advance(16 * 60_000)
    await ingestTrace(state.agent, plain(trace({ started_at })))
    expect(await kinds()).toEqual([])
    const second = state.trace.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    await ingestTrace(state.agent, plain(trace(), { trace_id: second }))
    const { trace: late } = await getTraceDetail(state.tenant.scope, second)
    expect(late.violations.map(({ type }) => type)).toEqual(['execution_expired'])
  })

  it('costs that are told in one moment and are too much together are found', { timeout: 60_000 }, async () => {
    await rule(state.tenant, 'allow')
    for (let round = 0; round < 5; round++) {
      const id = `round-${round}`
      await allowed(state.tenant, state.agent, { execution_id: id, max_cost: 1 })
      const traces = [0, 1, 2].map(() => uuidv7(clock.now().getTime()))
      await Promise.all(
        traces.map((trace_id, n) => ingestCost(state.agent, cost(0.4, { execution_id: id, trace_id, model: `m${n}` }))),
      )
      const found = await systemDb().adapterReport.findMany({
        where: { tenantId: state.tenant.id, executionId: id, kind: 'violations' },
      })
      expect(found.length).toBeGreaterThan(0)
      const row = await systemDb().execution.findFirst({ where: { tenantId: state.tenant.id, id } })
      expect(row?.costMicroUsd).toBe(1_200_000n)
    }
  })

  it('an approval whose token was shown first is a permission', async () => {
    await rule(state.tenant, 'require_approval')
    const { decision_id: id } = await ask()
    await approve(state.tenant, id)
    const { decision_token: token = null } = await decisionForAdapter(state.agent, id)
    await consumeForAdapter(state.agent, { id, token })
    clock.advance(3_700_000)
    await ingestTrace(
      state.agent,
      plain(trace({ started_at: new Date(clock.now().getTime() - 3_600_000).toISOString() })),
    )
    expect(await kinds()).toEqual([])
  })
})

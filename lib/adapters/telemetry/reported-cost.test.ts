import { expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { allowed, codeOf, envelope, newSigner, rule, withKey } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useTelemetryHouse } from '@/lib/core/testing/telemetry-house'
import { proveLedger, setBudget } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { getTraceDetail, listTraces } from '@/lib/tracing'
import {
  authorizeTool,
  consumeTool,
  executionEvidence,
  ingestAudit,
  ingestCost,
  ingestMetrics,
  ingestTrace,
  ingestViolations,
} from '../index'

const PAGE = { limit: 10, offset: 0, view: 'summary' } as const

describeEachDialect('what external agents tell of cost, tools and texts', (dialect) => {
  const { clock, state, now, place, ids, step, trace, plain, cost, events, ledger, stored } = useTelemetryHouse(dialect)

  it('costs count in the ledger, in budgets and on the trace, in whatever order they come', async () => {
    await setBudget(state.tenant.scope, { scope: 'tenant', budget_usd: 10, hard_limit: true } as never)
    expect(await ingestCost(state.agent, cost(0.25))).toEqual({ status: 'ok' })
    expect(await ingestCost(state.agent, cost(0.25))).toEqual({ status: 'duplicate' })
    await ingestTrace(state.agent, plain(trace()))
    clock.advance(1)
    await ingestCost(state.agent, cost(0.5, { tokens: { input: 7, output: 3 }, model: 'gpt-4o' }))
    expect(await ledger()).toBe(750_000)
    expect(await stored()).toMatchObject({ costMicroUsd: 750_000n })
    const [sum] = await systemDb().traceRollup.findMany({ where: { tenantId: state.tenant.id } })
    expect(sum).toMatchObject({ traces: 1, costMicroUsd: 750_000n })
    const budget = await systemDb().budget.findFirst({ where: { tenantId: state.tenant.id } })
    expect(budget).toMatchObject({ spentMicroUsd: 750_000n, reservedMicroUsd: 0n })
  })

  it('a cost that reaches the threshold of a budget is told at once, one that passes its limit too, each once', async () => {
    await setBudget(state.tenant.scope, { scope: 'tenant', budget_usd: 1, alert_threshold: 0.8 } as never)
    const warnings = async () => (await events()).filter((event) => event === 'budget_warning').length
    const levels = async () => {
      const rows = await systemDb().outboxEvent.findMany({
        where: { tenantId: state.tenant.id, topic: 'budget.threshold' },
        orderBy: { id: 'asc' },
      })
      return rows.map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload).level)
    }
    await ingestCost(state.agent, cost(0.7))
    expect(await warnings()).toBe(0)
    await ingestCost(state.agent, cost(0.1))
    expect(await warnings()).toBe(1)
    await ingestCost(state.agent, cost(0.1))
    await ingestCost(state.agent, cost(0.15, { model: 'more' }))
    expect(await warnings()).toBe(1)
    expect(await levels()).toEqual(['warning'])
    await ingestCost(state.agent, cost(0.5))
    await ingestCost(state.agent, cost(0.6))
    expect(await levels()).toEqual(['warning', 'exceeded'])
    expect(await warnings()).toBe(1)
    const [row] = await systemDb().auditEntry.findMany({
      where: { tenantId: state.tenant.id, eventType: 'budget_warning' },
    })
    expect(row).toMatchObject({ actor: 'adapter:coder', entityId: 'tenant' })
  })

  it('a trace that shows another cost than the ledger is named', async () => {
    await ingestTrace(state.agent, plain(trace()))
    await ingestCost(state.agent, cost(0.25))
    expect((await proveLedger(state.tenant.scope)).differences).toEqual([])
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { tenantId: state.tenant.id, id: state.trace }, data: { costMicroUsd: 1n } }),
    )
    expect((await proveLedger(state.tenant.scope)).differences).toEqual([
      { what: 'trace', id: state.trace, ledger_micro_usd: 250_000, shown_micro_usd: 1 },
    ])
  })

  it('costs and traces that come at once miss nothing of each other', { timeout: 60_000 }, async () => {
    const rounds = Array.from({ length: 10 }, () => uuidv7(clock.now().getTime()))
    await Promise.all(
      rounds.flatMap((id, n) => [
        ingestCost(state.agent, cost(0.1, { trace_id: id, execution_id: `x${n}`, model: 'a' })),
        ingestTrace(state.agent, plain(trace(), { trace_id: id, execution_id: `x${n}` })),
        ingestCost(state.agent, cost(0.2, { trace_id: id, execution_id: `x${n}`, model: 'b' })),
      ]),
    )
    const rows = await systemDb().trace.findMany({ where: { tenantId: state.tenant.id } })
    expect(rows.map(({ costMicroUsd }) => costMicroUsd)).toEqual(rounds.map(() => 300_000n))
    const sums = await systemDb().traceRollup.findMany({ where: { tenantId: state.tenant.id } })
    expect(sums.reduce((sum, row) => sum + row.costMicroUsd, 0n)).toBe(3_000_000n)
    expect(sums.reduce((sum, row) => sum + row.traces, 0)).toBe(10)
    expect(await ledger()).toBe(3_000_000)
  })

  it.each([-1, -0.000001, Number.POSITIVE_INFINITY, Number.NaN, 2_000_000, '5', null])(
    'a cost of %s is refused',
    async (usd) => {
      expect(await codeOf(ingestCost(state.agent, cost(usd as number)))).toBe('invalid_request')
      expect(await ledger()).toBe(0)
    },
  )

  it.each([
    ['a year ago', -367 * 86_400_000],
    ['tomorrow', 2 * 86_400_000],
  ])('a time %s is refused', async (_, ms) => {
    const at = new Date(clock.now().getTime() + ms).toISOString()
    expect(await codeOf(ingestTrace(state.agent, plain(trace({ started_at: at }))))).toBe('invalid_request')
    expect(await codeOf(ingestCost(state.agent, cost(1, { recorded_at: at })))).toBe('invalid_request')
    expect(
      await codeOf(ingestTrace(state.agent, plain(trace({ steps: [{ ...step('error', {}), timestamp: at }] })))),
    ).toBe('invalid_request')
  })

  it('what was spent or done beyond the grant is a violation that this platform saw', async () => {
    const signer = newSigner()
    await withKey(state.tenant, signer)
    await rule(state.tenant, 'allow')
    await allowed(state.tenant, state.agent, { execution_id: 'run', max_cost: 0.1, max_steps: 2 })
    await ingestTrace(state.agent, envelope(signer, 'trace', ids(), { ...place(), ...trace() }))
    expect(await stored()).toMatchObject({ trustStatus: 'verified' })
    await ingestCost(state.agent, cost(5))
    expect(await stored()).toMatchObject({ trustStatus: 'verified_with_violations' })
    await ingestMetrics(state.agent, plain({ step_count: 9, duration_ms: 10, recorded_at: now() }))
    const told = { violation_type: 'path', message: 'It wrote to /etc', occurred_at: now() }
    expect(await ingestViolations(state.agent, plain(told))).toEqual({ status: 'ok' })
    const { trace: shown } = await getTraceDetail(state.tenant.scope, state.trace)
    expect(shown).toMatchObject({
      trust_status: 'verified_with_violations',
      granted_scope: { capabilities: ['files.read'], max_steps: 2, max_cost: 0.1 },
      used_scope: { step_count: 9, actual_cost: 5 },
    })
    expect(shown.violations.map(({ type }) => type).sort()).toEqual(['cost_exceeded', 'path', 'steps_exceeded'])
    const found = await listTraces(state.tenant.scope, { ...PAGE, trust_status: 'verified_with_violations' })
    expect(found.total).toBe(1)
    const evidence = await executionEvidence(state.tenant.scope, 'run')
    expect(evidence.seen_here.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['decision:execution', 'violation']),
    )
    expect(evidence.reported.map(({ kind, evidence: how }) => `${kind} ${how}`).sort()).toEqual([
      'cost self_attested',
      'metrics self_attested',
      'trace signed',
      'violations self_attested',
    ])
  })

  it('a tool that was called without an authorization of this platform is told', async () => {
    await rule(state.tenant, 'allow')
    await allowed(state.tenant, state.agent, { execution_id: 'run' })
    const call = (id: string, jti?: string, tool = 'file_read') =>
      step('tool_call', { tool_call_id: id, tool_name: tool, ...(jti === undefined ? {} : { tool_token_jti: jti }) })
    const given = await authorizeTool(state.agent, { execution_id: 'run', adapter_id: 'coder', tool: 'file_read' })
    await consumeTool(state.agent, { tool_token: given.tool_token ?? '', tool: 'file_read' })
    const jti = given.authorization_id ?? ''
    await ingestTrace(state.agent, plain(trace({ steps: [call('1', jti)] })))
    expect((await getTraceDetail(state.tenant.scope, state.trace)).trace.violations).toEqual([])
    const second = uuidv7(clock.now().getTime())
    const twice = [call('1', jti), call('2', jti), call('3', jti, 'file_write'), call('4')]
    await ingestTrace(state.agent, plain(trace({ steps: twice }), { trace_id: second }))
    const { trace: shown } = await getTraceDetail(state.tenant.scope, second)
    expect(shown.violations).toMatchObject([{ type: 'tool_without_authorization' }])
    expect(shown.violations[0]?.message).toContain('file_read, file_write')
  })

  it('below those who may read payloads nothing of the agent’s words leaves the server', async () => {
    const canary = 'canary-9137'
    await rule(state.tenant, 'allow')
    await allowed(state.tenant, state.agent, { execution_id: 'run', intent: canary })
    await ingestTrace(
      state.agent,
      plain(
        trace({
          input: { message: canary },
          error: canary,
          status: 'error',
          steps: [
            step('tool_call', { tool_call_id: canary, tool_name: canary, arguments: { a: canary } }),
            step('decision', { x: canary }),
          ],
        }),
      ),
    )
    await ingestAudit(
      state.agent,
      plain({ event_type: 'note', occurred_at: now(), message: canary, event_data: { canary } }),
    )
    await ingestViolations(
      state.agent,
      plain({ violation_type: 'x', message: canary, occurred_at: now(), data: { canary } }),
    )
    const viewer = state.tenant.as('operator')
    const replies = [
      await getTraceDetail(viewer, state.trace),
      await listTraces(viewer, { ...PAGE, view: 'full' }),
      await executionEvidence(viewer, 'run'),
      await systemDb().auditPayload.findMany({ where: { tenantId: state.tenant.id } }),
    ]
    const text = JSON.stringify(replies, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(text.match(new RegExp(canary, 'g')) ?? []).toEqual([])
    expect(JSON.stringify(await getTraceDetail(state.tenant.scope, state.trace))).toContain(canary)
  })
})

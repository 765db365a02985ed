import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { agentScope, allowed, approve, asking, codeOf, newAgent, rule } from '@/lib/core/testing/adapter-house'
import { approver, NO } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { consumeForAdapter, decisionForAdapter, resolveDecision, setBudget } from '@/lib/governance'
import { getTraceDetail, listTraces } from '@/lib/tracing'
import { disableAdapter, getExecution, requestExecution } from '../index'

describeEachDialect('an external agent that asks to begin', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock, env: { CLASPER_WEBHOOK_ALLOW_PRIVATE: 'true' } })
  const state = {} as { tenant: TestTenant }
  beforeEach(async () => {
    state.tenant = await newTenant()
  })
  afterEach(() => clock.set(systemClock.now()))

  const ask = (over: Parameters<typeof asking>[1] = {}) =>
    requestExecution(agentScope(state.tenant.id), asking(state.tenant.id, over))
  const storedDecision = (id: string) => systemDb().decision.findFirst({ where: { tenantId: state.tenant.id, id } })

  it('is allowed what registry, token and policy allow, and every answer is stored', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'allow', { policy_id: 'coders' })
    const reply = await ask({ execution_id: 'run-1', max_steps: 9, max_cost: 2 })
    expect(reply).toMatchObject({
      allowed: true,
      decision: 'allow',
      execution_id: 'run-1',
      matched_policies: ['coders'],
      approval_mode: 'enforce',
      granted_scope: { capabilities: ['files.read'], max_steps: 9, max_cost: 2 },
    })
    expect(Date.parse(reply.granted_scope?.expires_at ?? '')).toBe(clock.now().getTime() + 15 * 60_000)
    expect(await storedDecision(reply.decision_id)).toMatchObject({
      origin: 'execution',
      adapterId: 'coder',
      executionId: 'run-1',
      decision: 'allow',
      requestedBy: 'adapter:coder',
    })
    expect((await state.tenant.lastAudit())?.eventType).toBe('adapter_execution_decided')
    expect(await getExecution(agentScope(state.tenant.id), 'run-1')).toMatchObject({
      effect: 'allow',
      approval_type: 'none',
    })
  })

  it('is denied where no policy speaks, and leaves a trace that this platform saw', async () => {
    await newAgent(state.tenant)
    const reply = await ask({ intent: 'Tidy up' })
    expect(reply).toMatchObject({ allowed: false, decision: 'deny', blocked_reason: 'policy_denied' })
    const { trace } = await getTraceDetail(state.tenant.scope, reply.trace_id ?? '')
    expect(trace).toMatchObject({
      origin: 'adapter',
      kind: 'blocked',
      status: 'error',
      error_code: 'policy_denied',
      adapter_id: 'coder',
      execution_id: reply.execution_id,
      integrity_status: 'verified',
      steps: [{ type: 'decision', data: { decision: 'deny', decision_id: reply.decision_id } }],
    })
    const events = (await state.tenant.audits()).map(({ eventType }) => eventType)
    expect(events).toContain('blocked_execution_trace_recorded')
    expect(await storedDecision(reply.decision_id)).toMatchObject({ status: 'deny', traceId: reply.trace_id })
    const found = await listTraces(state.tenant.scope, { adapter_id: 'coder', limit: 10, offset: 0, view: 'summary' })
    expect(found.traces.map(({ id }) => id)).toEqual([reply.trace_id])
  })

  it('waits for a person, and the same id gets what the person decided, once', async () => {
    const scope = await newAgent(state.tenant)
    await rule(state.tenant, 'require_approval', { effect: { decision: 'require_approval', required_role: 'admin' } })
    const body = { execution_id: 'run-2', max_steps: 5 }
    const first = await ask(body)
    expect(first).toMatchObject({
      allowed: false,
      decision: 'pending',
      requires_approval: true,
      required_role: 'admin',
      approval_type: 'policy',
    })
    expect(await ask(body)).toEqual(first)
    expect(await codeOf(approve(state.tenant, first.decision_id))).toBe('permission_denied')
    await resolveDecision(approver(state.tenant.id, 'admin'), first.decision_id, {
      action: 'approve',
      justification: 'looked at and fine',
    })
    expect(await getExecution(scope, 'run-2')).toMatchObject({ effect: 'allow', approval_type: 'policy' })
    const [second, ...others] = await Promise.all(Array.from({ length: 8 }, () => ask(body)))
    expect(second).toMatchObject({ allowed: true, decision: 'allow', approval_source: 'person' })
    for (const other of others) expect(other).toEqual(second)
    expect(second?.granted_scope).toMatchObject({ capabilities: ['files.read'], max_steps: 5 })
    expect(await storedDecision(first.decision_id)).toMatchObject({ usedBy: 'adapter:coder' })
    const consumed = (await state.tenant.audits()).filter(({ eventType }) => eventType === 'approval_grant_consumed')
    expect(consumed).toHaveLength(1)
    expect(await codeOf(ask({ ...body, max_steps: 6 }))).toBe('idempotency_conflict')
  })

  it('may show the token of its approval first', async () => {
    const scope = await newAgent(state.tenant)
    await rule(state.tenant, 'require_approval')
    const first = await ask({ execution_id: 'run-3' })
    await approve(state.tenant, first.decision_id)
    const { decision_token: token } = await decisionForAdapter(scope, first.decision_id)
    await consumeForAdapter(scope, { id: first.decision_id, token: token ?? '' })
    expect(await ask({ execution_id: 'run-3' })).toMatchObject({ allowed: true })
    expect(await codeOf(consumeForAdapter(scope, { id: first.decision_id, token: token ?? '' }))).toBe(
      'already_consumed',
    )
  })

  it.each([
    ['denied', 'approval_denied'],
    ['expired', 'approval_expired'],
    ['unused', 'approval_expired'],
  ])('ends when it was %s', async (how, reason) => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'require_approval')
    const first = await ask({ execution_id: 'run-4' })
    if (how === 'denied') await resolveDecision(approver(state.tenant.id), first.decision_id, NO)
    if (how === 'unused') await approve(state.tenant, first.decision_id)
    if (how !== 'denied') clock.advance(3_700_000)
    const second = await ask({ execution_id: 'run-4' })
    expect(second).toMatchObject({ allowed: false, decision: 'deny', blocked_reason: reason })
    expect(second.trace_id).toBeDefined()
    expect(await ask({ execution_id: 'run-4' })).toEqual(second)
  })

  it('asks in the order of the specification', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'deny', { policy_id: 'no' })
    expect(await ask({ rbac_allowed: false })).toMatchObject({ blocked_reason: 'rbac_denied' })
    await setBudget(state.tenant.scope, { scope: 'tenant', budget_usd: 1, hard_limit: true } as never)
    expect(await ask({ rbac_allowed: false })).toMatchObject({ blocked_reason: 'rbac_denied' })
    expect(await ask({ estimated_cost: 5 })).toMatchObject({ blocked_reason: 'budget_exceeded' })
    expect(await ask({ estimated_cost: 0.5 })).toMatchObject({ blocked_reason: 'policy_denied' })
    expect((await state.tenant.audits()).map(({ eventType }) => eventType)).toContain('budget_exceeded')
  })

  it('a high risk waits for a person though the policies allow', async () => {
    await newAgent(state.tenant, 'coder', { risk_class: 'high' })
    await rule(state.tenant, 'allow')
    const reply = await ask({ tool_count: 20, data_sensitivity: 'pii', context: { elevated_privileges: true } })
    expect(['high', 'critical']).toContain(reply.risk_level)
    expect(reply).toMatchObject({ decision: 'pending', approval_type: 'risk', required_role: 'release_manager' })
  })

  it('never gets more money than a hard budget has left', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'allow')
    await setBudget(state.tenant.scope, { scope: 'tenant', budget_usd: 1, hard_limit: true } as never)
    expect(await ask({ max_cost: 100, estimated_cost: 0.1 })).toMatchObject({ granted_scope: { max_cost: 1 } })
    // What was granted first is held, so nothing is left for another.
    expect(await ask()).toMatchObject({ decision: 'deny', blocked_reason: 'budget_exceeded' })
  })

  it('whoever is unknown, switched off, elsewhere or somebody else is refused', async () => {
    expect(await codeOf(ask())).toBe('adapter_not_registered')
    const scope = await newAgent(state.tenant)
    await rule(state.tenant, 'allow')
    expect(await codeOf(ask({ adapter_id: 'other' }))).toBe('adapter_scope_mismatch')
    expect(await codeOf(ask({ requested_capabilities: ['shell.exec'] }))).toBe('capability_not_allowed')
    expect(await codeOf(ask({ requested_capabilities: ['net'] }))).toBe('capability_not_allowed')
    expect((await state.tenant.lastAudit())?.eventType).toBe('permission_denied')
    await allowed(state.tenant, scope, { execution_id: 'mine' })
    const other = await newAgent(state.tenant, 'other')
    expect(await codeOf(getExecution(other, 'mine'))).toBe('not_found')
    expect(
      await codeOf(requestExecution(other, asking(state.tenant.id, { adapter_id: 'other', execution_id: 'mine' }))),
    ).toBe('idempotency_conflict')
    const foreign = await newTenant('b')
    const stranger = await newAgent(foreign)
    expect(await codeOf(getExecution(stranger, 'mine'))).toBe('not_found')
    await disableAdapter(state.tenant.scope, { adapter_id: 'coder', reason: 'it misbehaves' })
    expect(await codeOf(ask())).toBe('adapter_disabled')
    expect(await codeOf(getExecution(scope, 'mine'))).toBe('adapter_disabled')
  })

  it('a token for one environment does not lead out of it', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'allow', { scope: { environment: 'dev' } })
    const holder = { id: 'coder', capabilities: ['files.read'], environment: 'prod' }
    const scope = agentScope(state.tenant.id, 'coder', { adapter: holder })
    expect(await codeOf(requestExecution(scope, asking(state.tenant.id, { environment: 'dev' })))).toBe(
      'adapter_scope_mismatch',
    )
    expect(await requestExecution(scope, asking(state.tenant.id))).toMatchObject({ decision: 'deny' })
    expect(await ask({ environment: 'dev' })).toMatchObject({ decision: 'allow' })
  })

  it('eight that ask under one id get one answer and leave one decision', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'allow')
    const all = await Promise.all(Array.from({ length: 8 }, () => ask({ execution_id: 'same' })))
    expect(new Set(all.map(({ decision_id: id }) => id)).size).toBe(1)
    const where = { tenantId: state.tenant.id, executionId: 'same' }
    expect(await systemDb().decision.count({ where })).toBe(1)
  })

  it('the person for whom a probe was made does not approve what it asks', async () => {
    await newAgent(state.tenant)
    await rule(state.tenant, 'require_approval')
    const person = approver(state.tenant.id)
    const probe = agentScope(state.tenant.id, 'coder', { userId: person.identity.userId })
    const { decision_id: id } = await requestExecution(probe, asking(state.tenant.id))
    expect(await codeOf(resolveDecision(person, id, { action: 'approve', justification: 'my own request' }))).toBe(
      'own_request',
    )
  })

  it('what waits is told to nobody but those who may see it', async () => {
    await newAgent(state.tenant)
    const secret = `sk-${'a1'.repeat(20)}`
    const reply = await ask({ intent: `Use ${secret}`, provenance: { publisher: 'Mallory' } })
    const rows = await Promise.all([
      systemDb().decision.findMany({ where: { tenantId: state.tenant.id } }),
      systemDb().execution.findMany({ where: { tenantId: state.tenant.id } }),
      systemDb().traceContent.findMany({ where: { tenantId: state.tenant.id } }),
      systemDb().auditPayload.findMany({ where: { tenantId: state.tenant.id } }),
    ])
    const text = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(text).not.toContain(secret)
    expect(reply.explanation).not.toContain('Mallory')
    expect(kernel().env.CLASPER_MODE).toBe('guarded')
  })
})

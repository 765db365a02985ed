import { expect, it } from 'vitest'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { putTrace, type SampleTrace } from '@/lib/core/testing/sample-trace'
import { opsRevealTrace, TraceDetail } from './contract'
import { createStepChain, getTrace, getTraceDetail, revealTrace, stepWrites } from './index'

const REASON = { reason_code: 'incident_response', justification: 'the customer asked why' } as const

const INPUTS = {
  message: 'CANARY question to [EMAIL]',
  messages: [{ role: 'user', content: 'CANARY before' }],
  system_prompt: 'CANARY prompt',
  tools: [{ name: 'task_list' }],
  risk: { score: 60, level: 'high', factors: { tool_breadth: 15, adapter: 0 }, inputs: {} },
}
const OUTCOME = {
  message: 'CANARY answer',
  tool_calls: [{ id: 'c', name: 'task_list', permitted: true, success: true, duration_ms: 4, result: 'CANARY' }],
}

// A run as it is recorded, with two tool calls: one was permitted, one was made up.
const recorded = async (tenant: { id: string; scope: Parameters<typeof getTrace>[0] }, over: SampleTrace = {}) => {
  const chain = createStepChain(tenant.scope.redaction)
  const at = new Date('2026-03-01T12:00:00.000Z')
  chain.add('llm_call', at, 10, { model: 'gpt-4o', provider: 'openai', finish_reason: 'tool_use' })
  chain.add('tool_call', at, 0, {
    tool_call_id: 'c',
    tool_name: 'task_list',
    arguments: { q: 'CANARY' },
    permitted: true,
  })
  chain.add('tool_call', at, 0, {
    ...{ tool_call_id: 'd', tool_name: 'CANARY tool', arguments: {}, permitted: false },
    permission_reason: 'skills: no skill grants CANARY tool',
  })
  const steps = chain.take()
  const id = await putTrace(tenant.id, {
    ...{
      inputs: INPUTS,
      outcome: OUTCOME,
      stepCount: 3,
      lastStepHash: chain.lastHash(),
      riskScore: 60,
      riskLevel: 'high',
    },
    ...over,
  })
  await tenant.scope.command({ audit: [], writes: stepWrites(id, steps) })
  return id
}

const service = (tenant: string) => scopeOf(identityOf(tenant, 'admin', { plane: 'service', userId: null }))

describeEachDialect('one trace', (dialect) => {
  useKernel(dialect)

  it('is verified by computing each hash again', async () => {
    const tenant = await newTenant()
    const { trace } = await getTraceDetail(tenant.as('viewer'), await recorded(tenant))
    expect(TraceDetail.parse(trace)).toEqual(trace)
    expect(trace).toMatchObject({
      ...{ integrity_status: 'verified', trust_status: 'verified', integrity_failures: [], violations: [] },
      ...{ integrity: { status: 'verified', failures: [] }, integrity_checked_at: expect.any(String) },
    })
  })

  it.each([
    ['data', { data: '{}' }],
    ['a time', { timestamp: new Date('2026-03-01T12:00:01.000Z') }],
    ['a duration', { durationMs: 9 }],
    ['a type', { type: 'error' }],
    ['its hash', { stepHash: `sha256:${'0'.repeat(64)}` }],
    ['the hash before', { prevStepHash: null }],
  ])('with %s of a step changed is compromised', async (_, data) => {
    const tenant = await newTenant()
    const id = await recorded(tenant)
    await systemWrite(({ client }) => client.traceStep.updateMany({ where: { traceId: id, seq: 2 }, data }))
    const { trace } = await getTraceDetail(tenant.as('viewer'), id)
    expect(trace).toMatchObject({ integrity_status: 'compromised', trust_status: 'compromised' })
    expect(trace.integrity_failures[0]).toContain('step 2')
  })

  it('with a step less, or another last one, is compromised; running or reduced it is not verified', async () => {
    const tenant = await newTenant()
    const status = async (id: string) => (await getTraceDetail(tenant.as('viewer'), id)).trace.integrity_status
    const short = await recorded(tenant)
    await systemWrite(({ client }) => client.traceStep.deleteMany({ where: { traceId: short, seq: 3 } }))
    expect(await status(short)).toBe('compromised')
    expect(await status(await recorded(tenant, { lastStepHash: null }))).toBe('compromised')
    expect(await status(await recorded(tenant, { status: 'running', stepCount: 0, lastStepHash: null }))).toBe(
      'unverified',
    )
    expect(await status(await recorded(tenant, { storage: 'minimal' }))).toBe('unverified')
    expect(await status(await putTrace(tenant.id, { origin: 'otlp' }))).toBe('unsigned')
  })

  it('below admin holds no text on any path, and says what was refused and masked', async () => {
    const tenant = await newTenant()
    const id = await recorded(tenant, { error: 'CANARY of the provider', errorCode: 'provider_error', taskId: 't 1' })
    for (const role of ['viewer', 'operator', 'release_manager'] as const) {
      const { trace } = await getTraceDetail(tenant.as(role), id)
      expect(JSON.stringify(trace)).not.toContain('CANARY')
      expect(trace).toMatchObject({
        ...{ withheld: true, raw_trace: null, error: 'No model answered.' },
        governance_signals: {
          redaction_applied: true,
          permission_denials: [{ tool_name: '[withheld]', reason: 'skills' }],
        },
        redaction_info: { applied: true, types_detected: ['email'], count: 1 },
        linked_ids: { task_id: { value: 't 1', url: '/ops/traces?task_id=t+1' } },
        granted_scope: { capabilities: ['task_list'], max_steps: null, max_cost: null },
        used_scope: { capabilities: ['task_list'], step_count: 3, actual_cost: 0 },
      })
    }
    expect(await tenant.audits()).toEqual([])
  })

  it('for those who may see it is whole, and each look is in the audit log', async () => {
    const tenant = await newTenant()
    const id = await recorded(tenant)
    const { trace } = await getTraceDetail(tenant.scope, id)
    expect(trace.raw_trace).toMatchObject({ inputs: { system_prompt: 'CANARY prompt' }, steps: [{}, {}, {}] })
    expect(trace.governance_signals.permission_denials).toEqual([
      { tool_name: 'CANARY tool', reason: 'skills: no skill grants CANARY tool' },
    ])
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'trace_revealed', entityId: id })
  })

  it('is revealed for a reason that stays', async () => {
    const [a, b] = await twoTenants()
    const id = await recorded(a)
    const { trace } = await revealTrace(a.scope, id, { ...REASON, justification: 'mail ann@example.com asked' })
    expect(TraceDetail.parse(trace)).toEqual(trace)
    expect(trace).toMatchObject({ withheld: false, input: { message: INPUTS.message } })
    const audits = await a.audits()
    expect(audits).toHaveLength(1)
    expect(audits[0]).toMatchObject({ eventType: 'trace_revealed', entityId: id })
    const payload = await systemWrite(({ client }) => client.auditPayload.findFirst({ where: { tenantId: a.id } }))
    const data = JSON.stringify(payload?.data)
    expect(data).toMatch(/incident_response/)
    expect(data).toMatch(/system_prompt/)
    expect(data).toMatch(/\[EMAIL\]/)
    expect(data).not.toMatch(/ann@|CANARY/)
    await expect(revealTrace(b.scope, id, REASON)).rejects.toMatchObject({ code: 'not_found' })
    expect(await b.audits()).toEqual([])
  })

  it('on the service plane is whole, without a row, with its steps once more where they are asked for', async () => {
    const tenant = await newTenant()
    const id = await recorded(tenant)
    const plain = await getTrace(service(tenant.id), id)
    expect(plain).not.toHaveProperty('steps')
    const flat = await getTrace(service(tenant.id), id, { flat: 'true' })
    expect(flat.steps).toEqual(flat.trace.steps)
    expect(await tenant.audits()).toEqual([])
  })

  it.each([
    [{ reason_code: 'curiosity', justification: 'long enough text' }],
    [{ reason_code: 'other', justification: '         short      ' }],
    [{ reason_code: 'other' }],
    [{}],
  ])('is not revealed for %j', (body) => {
    expect(opsRevealTrace.body.safeParse(body).success).toBe(false)
  })
})

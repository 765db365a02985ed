import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import {
  agentScope,
  allowed,
  codeOf,
  envelope,
  newAgent,
  newSigner,
  rule,
  withKey,
} from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { setBudget } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { getTrace, getTraceDetail, listTraces } from '@/lib/tracing'
import {
  authorizeTool,
  consumeTool,
  executionEvidence,
  ingestAudit,
  ingestCost,
  ingestMetrics,
  ingestTrace,
  ingestViolations,
  revokeTelemetryKey,
} from '../index'
import { thumbprintOf } from '../telemetry-keys'

const PAGE = { limit: 10, offset: 0, view: 'summary' } as const

describeEachDialect('telemetry of external agents', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })
  const state = {} as { tenant: TestTenant; agent: ReturnType<typeof agentScope>; trace: string }
  beforeEach(async () => {
    state.tenant = await newTenant()
    state.agent = await newAgent(state.tenant)
    state.trace = uuidv7(clock.now().getTime())
  })
  afterEach(() => clock.set(systemClock.now()))

  const now = () => clock.now().toISOString()
  const place = () => ({ tenant_id: state.tenant.id, workspace_id: 'default' })
  const ids = (over: object = {}) => ({ execution_id: 'run', trace_id: state.trace, adapter_id: 'coder', ...over })
  const step = (type: string, data: object) => ({ type, timestamp: now(), duration_ms: 5, data })
  const trace = (over: object = {}) => ({
    trace: {
      started_at: now(),
      duration_ms: 120,
      model: 'gpt-4o',
      provider: 'openai',
      input: { message: 'Mail me at ann@example.com' },
      output: { message: 'Done' },
      steps: [step('llm_call', { model: 'gpt-4o', provider: 'openai', input_tokens: 10, output_tokens: 5 })],
      ...over,
    },
  })
  const plain = (payload: object, over: object = {}) => ({ ...place(), ...ids(), ...payload, ...over })
  const cost = (usd: number, over: object = {}) => plain({ cost_usd: usd, recorded_at: now() }, over)
  const events = async () => (await state.tenant.audits()).map(({ eventType }) => eventType)
  const ledger = async () =>
    Number(
      (await systemDb().ledgerEntry.findMany({ where: { tenantId: state.tenant.id } })).reduce(
        (sum, row) => sum + row.costMicroUsd,
        0n,
      ),
    )
  const stored = () => systemDb().trace.findFirst({ where: { tenantId: state.tenant.id, id: state.trace } })

  it('a plain trace is stored, redacted, unverified, and told to be unsigned', async () => {
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'ok' })
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'duplicate' })
    const { trace: shown } = await getTrace(state.tenant.scope, state.trace)
    expect(shown).toMatchObject({
      origin: 'adapter',
      adapter_id: 'coder',
      execution_id: 'run',
      trust_status: 'unverified',
      integrity_status: 'unsigned',
      input: { message: 'Mail me at [EMAIL]' },
      usage: { input_tokens: 10, output_tokens: 5 },
      steps: [{ type: 'llm_call' }],
    })
    expect((await events()).slice(-2)).toContain('adapter_telemetry_unsigned')
    const sums = await systemDb().traceRollup.findMany({ where: { tenantId: state.tenant.id } })
    expect(sums).toMatchObject([{ origin: 'adapter', traces: 1 }])
  })

  describe.each(['ed25519', 'ES256'] as const)('signed with %s', (algorithm) => {
    it('is verified in lists, in the detail and by the filter', async () => {
      const signer = newSigner(algorithm)
      await withKey(state.tenant, signer)
      const sent = envelope(signer, 'trace', ids(), { ...place(), ...trace() })
      expect(await ingestTrace(state.agent, sent)).toEqual({ status: 'ok' })
      expect((await getTrace(state.tenant.scope, state.trace)).trace).toMatchObject({
        trust_status: 'verified',
        integrity_status: 'verified',
      })
      const found = await listTraces(state.tenant.scope, { ...PAGE, trust_status: 'verified' })
      expect(found.traces).toMatchObject([{ id: state.trace, trust_status: 'verified', adapter_id: 'coder' }])
      expect(found.total).toBe(1)
      const others = await listTraces(state.tenant.scope, { ...PAGE, trust_status: 'unverified' })
      expect(others.traces).toEqual([])
      expect(await events()).not.toContain('adapter_telemetry_unsigned')
    })

    it('is refused when one byte, the hash, the kind, the ids or the clock is wrong', async () => {
      const signer = newSigner(algorithm)
      await withKey(state.tenant, signer)
      const payload = { ...place(), ...trace() }
      const good = envelope(signer, 'trace', ids(), payload)
      const late = { issued_at: new Date(clock.now().getTime() - 301_000).toISOString() }
      const early = { issued_at: new Date(clock.now().getTime() + 301_000).toISOString() }
      const wrong = [
        {
          ...good,
          signature:
            `A${good.signature.slice(1)}` === good.signature
              ? `B${good.signature.slice(1)}`
              : `A${good.signature.slice(1)}`,
        },
        { ...good, payload: { ...payload, workspace_id: 'other' } },
        { ...good, adapter_version: '9' },
        { ...good, unsaid: 'added' },
        envelope(signer, 'audit', ids(), payload),
        envelope(signer, 'trace', ids(), payload, late),
        envelope(signer, 'trace', ids(), payload, early),
        envelope(signer, 'trace', ids(), { ...payload, execution_id: 'another' }),
        envelope(newSigner(algorithm), 'trace', ids(), payload),
      ]
      for (const sent of wrong) expect(await codeOf(ingestTrace(state.agent, sent))).toBe('signature_invalid')
      expect((await events()).filter((event) => event === 'adapter_telemetry_signature_invalid')).toHaveLength(
        wrong.length,
      )
      expect(await stored()).toBeNull()
      expect(await ingestTrace(state.agent, good)).toEqual({ status: 'ok' })
    })
  })

  it('a key of one algorithm, version or agent does not do for another, nor one that was revoked', async () => {
    const [signer, other] = [newSigner('ed25519'), newSigner('ES256')]
    await withKey(state.tenant, signer)
    const payload = { ...place(), ...trace() }
    expect(await codeOf(ingestTrace(state.agent, envelope(other, 'trace', ids(), payload)))).toBe('signature_invalid')
    await newAgent(state.tenant, 'other')
    const asOther = envelope(signer, 'trace', ids({ adapter_id: 'other' }), payload)
    expect(await codeOf(ingestTrace(state.agent, asOther))).toBe('adapter_scope_mismatch')
    await revokeTelemetryKey(state.tenant.scope, { adapter_id: 'coder', key_id: thumbprintOf(signer.jwk) })
    expect(await ingestTrace(state.agent, envelope(signer, 'trace', ids(), payload))).toEqual({ status: 'ok' })
    expect(await stored()).toMatchObject({ trustStatus: 'unverified' })
    expect(await codeOf(withKey(state.tenant, signer))).toBe('version_conflict')
  })

  it('a foreign tenant, workspace or agent is refused wherever it is named', async () => {
    const signer = newSigner()
    await withKey(state.tenant, signer)
    const foreign = await newTenant('b')
    const elsewhere = { ...trace(), tenant_id: foreign.id, workspace_id: 'default' }
    expect(await codeOf(ingestTrace(state.agent, envelope(signer, 'trace', ids(), elsewhere)))).toBe(
      'tenant_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { tenant_id: foreign.id })))).toBe(
      'tenant_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { workspace_id: 'other' })))).toBe(
      'workspace_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { adapter_id: 'other' })))).toBe(
      'adapter_scope_mismatch',
    )
    await rule(state.tenant, 'allow')
    const other = await newAgent(state.tenant, 'other')
    await allowed(state.tenant, other, { adapter_id: 'other', execution_id: 'theirs' })
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { execution_id: 'theirs' })))).toBe('not_found')
  })

  it('a trace that is there stays as it is, whoever owns it', async () => {
    const own = await recordRun(state.tenant.scope, { userId: 'ann' })
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { trace_id: own })))).toBe('trace_exists')
    expect(await codeOf(ingestCost(state.agent, cost(1, { trace_id: own })))).toBe('trace_exists')
    await ingestTrace(state.agent, plain(trace()))
    expect(await codeOf(ingestTrace(state.agent, plain(trace({ model: 'other' }))))).toBe('trace_exists')
    const other = await newAgent(state.tenant, 'other')
    const theirs = plain(trace({ model: 'theirs' }), { adapter_id: 'other' })
    expect(await codeOf(ingestTrace(other, theirs))).toBe('trace_exists')
    const foreign = await newTenant('b')
    const stranger = await newAgent(foreign)
    expect(await ingestTrace(stranger, plain(trace({ model: 'foreign' }), { tenant_id: foreign.id }))).toEqual({
      status: 'ok',
    })
    expect(await stored()).toMatchObject({ model: 'gpt-4o' })
  })

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

  it('a failed ingest can be told again', async () => {
    expect(await codeOf(ingestTrace(state.agent, plain(trace({ steps: [{ type: 'wrong' }] }))))).toBe('invalid_request')
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'ok' })
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

  it('is not taken from those that may not send', async () => {
    expect(
      await codeOf(ingestTrace(agentScope(state.tenant.id, 'nobody'), plain(trace(), { adapter_id: 'nobody' }))),
    ).toBe('adapter_not_registered')
    expect(await codeOf(ingestTrace(state.tenant.scope, plain(trace())))).toBe('permission_denied')
    expect(kernel().env.CLASPER_TELEMETRY_SIGNATURE_MODE).toBe('warn')
  })
})

describeEachDialect('telemetry that must be signed', (dialect) => {
  const env = { CLASPER_TELEMETRY_SIGNATURE_MODE: 'enforce', CLASPER_TOOL_AUTH_MODE: 'enforce' }
  useKernel(dialect, { env })

  it('is refused plain, without a key, and with tools that nobody authorized', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    const ids = { execution_id: 'run', trace_id: uuidv7(Date.parse('2026-11-21T00:00:00Z')), adapter_id: 'coder' }
    const at = kernel().clock.now().toISOString()
    const place = { tenant_id: tenant.id, workspace_id: 'default' }
    const call = { type: 'tool_call', timestamp: at, data: { tool_call_id: '1', tool_name: 'file_read' } }
    const sent = { ...place, trace: { started_at: at, steps: [call] } }
    expect(await codeOf(ingestTrace(agent, { ...ids, ...sent }))).toBe('signature_required')
    const signer = newSigner()
    expect(await codeOf(ingestTrace(agent, envelope(signer, 'trace', ids, sent)))).toBe('signature_required')
    await withKey(tenant, signer)
    expect(await codeOf(ingestTrace(agent, envelope(signer, 'trace', ids, sent)))).toBe('tool_authorization_missing')
    const quiet = { ...place, trace: { started_at: at } }
    expect(await ingestTrace(agent, envelope(signer, 'trace', ids, quiet))).toEqual({ status: 'ok' })
  })
})

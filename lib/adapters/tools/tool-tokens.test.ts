import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { systemDb } from '@/lib/core/system-db'
import { type agentScope, allowed, approve, asking, codeOf, newAgent, rule } from '@/lib/core/testing/adapter-house'
import { approver, NO } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { resolveDecision } from '@/lib/governance'
import {
  authorizeTool,
  consumeTool,
  consumeToolForService,
  disableAdapter,
  enableAdapter,
  getToolAuthorization,
  listToolAuthorizations,
  requestExecution,
} from '../index'

const PARALLEL = 1_000

describeEachDialect('tools of external agents', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })
  const state = {} as { tenant: TestTenant; agent: ReturnType<typeof agentScope> }
  beforeEach(async () => {
    state.tenant = await newTenant()
    state.agent = await newAgent(state.tenant)
    await rule(state.tenant, 'allow', { policy_id: 'coders' })
    await allowed(state.tenant, state.agent, { execution_id: 'run', max_steps: 3, max_cost: 2 })
  })
  afterEach(() => clock.set(systemClock.now()))

  const wish = (over: Partial<Parameters<typeof authorizeTool>[1]> = {}) => ({
    execution_id: 'run',
    adapter_id: 'coder',
    tool: 'file_read',
    ...over,
  })
  const authorize = (over: Parameters<typeof wish>[0] = {}) => authorizeTool(state.agent, wish(over))
  const tokenOf = async (over: Parameters<typeof wish>[0] = {}) =>
    (await authorize(over)).tool_token ?? expect.unreachable()
  const use = (tool_token: string, over: object = {}) =>
    consumeTool(state.agent, { tool_token, tool: 'file_read', ...over })

  it('get a token of thirty seconds that works once', async () => {
    const reply = await authorize()
    expect(reply).toMatchObject({
      decision: 'allow',
      granted_scope: { capabilities: ['files.read'], max_steps: 3, max_cost: 2 },
      policy: { decision: 'allow', matched_policies: ['coders'] },
    })
    const token = reply.tool_token ?? ''
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, number>
    expect(claims).toMatchObject({ typ: 'tool_auth', adapter_id: 'coder', execution_id: 'run', tool: 'file_read' })
    expect((claims['exp'] ?? 0) - (claims['iat'] ?? 0)).toBe(30)
    expect(claims['scope_hash']).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await use(token)).toMatchObject({ status: 'ok', execution_id: 'run', tool: 'file_read' })
    expect(await codeOf(use(token))).toBe('already_consumed')
    const events = (await state.tenant.audits()).map(({ eventType }) => eventType)
    expect(events.slice(-3)).toEqual([
      'tool_authorization_requested',
      'tool_authorization_granted',
      'tool_authorization_used',
    ])
    const stored = JSON.stringify(await systemDb().toolAuthorization.findMany({ where: { tenantId: state.tenant.id } }))
    expect(stored).not.toContain(token)
  })

  it(`${PARALLEL} uses at once of one token are one use`, { timeout: 120_000 }, async () => {
    const token = await tokenOf()
    const codes = await Promise.all(Array.from({ length: PARALLEL }, () => codeOf(use(token))))
    expect(codes.filter((code) => code === 'none')).toHaveLength(1)
    expect(codes.filter((code) => code === 'already_consumed')).toHaveLength(PARALLEL - 1)
    const execution = await systemDb().execution.findFirst({ where: { tenantId: state.tenant.id, id: 'run' } })
    expect(execution?.usedSteps).toBe(1)
  })

  it('not after its time, not for another tool, not with other arguments, not changed', async () => {
    const late = await tokenOf()
    clock.advance(29_000)
    const other = await tokenOf({ arguments: { path: 'a.txt' } })
    clock.advance(2_000)
    expect(await codeOf(use(late))).toBe('invalid_token')
    expect(await codeOf(use(other, { tool: 'file_write' }))).toBe('invalid_token')
    expect(await codeOf(use(other))).toBe('invalid_token')
    expect(await codeOf(use(other, { arguments: { path: '/etc/passwd' } }))).toBe('invalid_token')
    const [head = '', claims = '', signature = ''] = other.split('.')
    const raised = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
    const forged = Buffer.from(JSON.stringify({ ...raised, tool: 'shell' })).toString('base64url')
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    expect(await codeOf(use(`${head}.${forged}.${signature}`, { tool: 'shell' }))).toBe('invalid_token')
    expect(await codeOf(use(`${none}.${claims}.`))).toBe('invalid_token')
    expect(await use(other, { arguments: { path: 'a.txt' } })).toMatchObject({ status: 'ok' })
  })

  it('not by another agent, another tenant, or an agent that was switched off', async () => {
    const token = await tokenOf()
    const other = await newAgent(state.tenant, 'other')
    expect(await codeOf(consumeTool(other, { tool_token: token, tool: 'file_read' }))).toBe('invalid_token')
    expect(await codeOf(authorizeTool(other, wish({ adapter_id: 'other' })))).toBe('not_found')
    expect(await codeOf(authorizeTool(other, wish()))).toBe('adapter_scope_mismatch')
    const foreign = await newTenant('b')
    const stranger = await newAgent(foreign)
    expect(await codeOf(consumeTool(stranger, { tool_token: token, tool: 'file_read' }))).toBe('invalid_token')
    expect(await codeOf(consumeToolForService(foreign.scope, { tool_token: token, tool: 'file_read' }))).toBe(
      'invalid_token',
    )
    await disableAdapter(state.tenant.scope, { adapter_id: 'coder', reason: 'it misbehaves' })
    expect(await codeOf(use(token))).toBe('adapter_disabled')
    expect(await codeOf(consumeToolForService(state.tenant.scope, { tool_token: token, tool: 'file_read' }))).toBe(
      'adapter_disabled',
    )
    await enableAdapter(state.tenant.scope, { adapter_id: 'coder', reason: 'it is mended' })
    const service = scopeOf(identityOf(state.tenant.id, 'viewer', { plane: 'service', actor: 'service:tools' }))
    expect(await consumeToolForService(service, { tool_token: token, tool: 'file_read' })).toMatchObject({
      status: 'ok',
    })
  })

  it('a wished scope is granted inside that of the execution, and nothing beyond', async () => {
    expect(await authorize({ requested_scope: { capabilities: ['files.write'] } })).toMatchObject({
      decision: 'deny',
      reason: 'scope_not_allowed',
    })
    expect(await authorize({ requested_scope: { capabilities: [], max_steps: 99, max_cost: 99 } })).toMatchObject({
      decision: 'allow',
      granted_scope: { capabilities: [], max_steps: 3, max_cost: 2 },
    })
    const hostile = { capabilities: ['files.read'], admin: true } as never
    expect((await authorize({ requested_scope: hostile })).granted_scope).toEqual({
      capabilities: ['files.read'],
      max_steps: 3,
      max_cost: 2,
    })
    expect(await authorize({ tool: 'shell_exec' })).toMatchObject({ decision: 'deny', reason: 'tool_not_registered' })
    expect(await codeOf(authorize({ environment: 'elsewhere' }))).toBe('adapter_scope_mismatch')
  })

  it('the steps of an execution end, and so does its time', async () => {
    for (let n = 0; n < 3; n++) expect(await use(await tokenOf())).toMatchObject({ status: 'ok' })
    expect(await authorize()).toMatchObject({ decision: 'deny', reason: 'scope_exhausted' })
    await allowed(state.tenant, state.agent, { execution_id: 'short', max_steps: 1 })
    const [one, two] = [await tokenOf({ execution_id: 'short' }), await tokenOf({ execution_id: 'short' })]
    const codes = await Promise.all([one, two].map((token) => codeOf(use(token))))
    expect(codes.sort()).toEqual(['none', 'policy_denied'])
    await allowed(state.tenant, state.agent, { execution_id: 'old' })
    clock.advance(16 * 60_000)
    expect(await authorize({ execution_id: 'old' })).toMatchObject({ decision: 'deny', reason: 'execution_expired' })
  })

  it('a policy refuses by name and by argument, and says which', async () => {
    await rule(state.tenant, 'deny', {
      policy_id: 'no-secrets',
      subject: { type: 'tool', name: 'file_read' },
      conditions: { 'arguments.path': { prefix: '/etc' } },
    })
    const reply = await authorize({ arguments: { path: '/etc/passwd' } })
    expect(reply).toMatchObject({ decision: 'deny', reason: 'policy_denied', policy_id: 'no-secrets' })
    expect(await authorize({ arguments: { path: 'src/a.ts' } })).toMatchObject({ decision: 'allow' })
    const stored = await systemDb().decision.findFirst({
      where: { tenantId: state.tenant.id, id: reply.decision_id ?? '' },
    })
    expect(stored).toMatchObject({ origin: 'tool', decision: 'deny', tool: 'file_read', executionId: 'run' })
  })

  it('one that waits for a person is used once, for the same arguments', async () => {
    await rule(state.tenant, 'require_approval', { policy_id: 'ask', subject: { type: 'tool', name: 'file_write' } })
    const write = { tool: 'file_write', arguments: { path: 'a.txt' } }
    const first = await authorize(write)
    expect(first).toMatchObject({ decision: 'deny', reason: 'approval_required', policy_id: 'ask' })
    const id = first.decision_id ?? ''
    expect(await authorize(write)).toMatchObject({ reason: 'approval_required', decision_id: id })
    await approve(state.tenant, id)
    const others = await authorize({ ...write, arguments: { path: 'b.txt' } })
    expect(others).toMatchObject({ decision: 'deny', reason: 'approval_required' })
    expect(others.decision_id).not.toBe(id)
    const all = await Promise.all(Array.from({ length: 6 }, () => authorize(write)))
    expect(all.filter(({ decision }) => decision === 'allow')).toHaveLength(1)
    const again = await authorize(write)
    expect(again).toMatchObject({ decision: 'deny', reason: 'approval_required' })
    await resolveDecision(approver(state.tenant.id), again.decision_id ?? '', NO)
    expect(await authorize(write)).toMatchObject({ decision: 'deny', reason: 'approval_denied' })
  })

  it('while the execution waits nothing is authorized; once it is approved, it is', async () => {
    await rule(state.tenant, 'require_approval', { policy_id: 'wait', precedence: 5, conditions: { intent: 'risky' } })
    const waiting = await requestExecution(
      state.agent,
      asking(state.tenant.id, { execution_id: 'slow', intent: 'risky' }),
    )
    expect(await authorize({ execution_id: 'slow' })).toMatchObject({ decision: 'deny', reason: 'approval_required' })
    await approve(state.tenant, waiting.decision_id)
    expect(await authorize({ execution_id: 'slow' })).toMatchObject({ decision: 'allow' })
  })

  it('are listed inside the tenant alone', async () => {
    const { authorization_id: id } = await authorize()
    await authorize({ tool: 'shell_exec' })
    const page = { limit: 10, offset: 0 }
    const all = await listToolAuthorizations(state.tenant.scope, page)
    expect(all).toMatchObject({ total: 2 })
    expect(await listToolAuthorizations(state.tenant.scope, { ...page, decision: 'deny' })).toMatchObject({ total: 1 })
    expect(await getToolAuthorization(state.tenant.scope, id ?? '')).toMatchObject({
      authorization: { tool: 'file_read' },
    })
    const foreign = await newTenant('b')
    expect(await listToolAuthorizations(foreign.scope, page)).toMatchObject({ total: 0 })
    expect(await codeOf(getToolAuthorization(foreign.scope, id ?? ''))).toBe('not_found')
    const fenced = scopeOf(identityOf(state.tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    expect(await codeOf(getToolAuthorization(fenced, id ?? ''))).toBe('not_found')
    expect(await listToolAuthorizations(fenced, page)).toMatchObject({ total: 0 })
  })
})

import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import {
  agentScope,
  allowed,
  approve,
  asking,
  CAPABILITIES,
  codeOf,
  newAgent,
  newSigner,
  registration,
  rule,
  withKey,
} from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import {
  authorizeTool,
  consumeOwnDecision,
  consumeTool,
  disableAdapter,
  enableAdapter,
  getAdapterDecision,
  getExecution,
  ingestCost,
  ingestTrace,
  listAdapterDecisions,
  registerAdapter,
  requestExecution,
  revokeTelemetryKey,
  showOwnDecision,
} from './index'

const AT_ONCE = 24

const holder = (tenant: TestTenant, over: object = {}, place: { workspaceIds?: string[] } = {}) =>
  agentScope(tenant.id, 'coder', { adapter: { id: 'coder', capabilities: CAPABILITIES, ...over }, ...place })

const wish = { execution_id: 'run', adapter_id: 'coder', tool: 'file_read' }

describeEachDialect('a token of an external agent bounds what it does', (dialect) => {
  useKernel(dialect)

  const house = async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    await rule(tenant, 'allow')
    return { tenant, agent }
  }
  const cost = (over: object = {}) => ({
    ...{ execution_id: 'run', trace_id: uuidv7(Date.now()), adapter_id: 'coder', cost_usd: 1 },
    recorded_at: new Date().toISOString(),
    ...over,
  })

  it.each([
    ['workspace', (tenant: TestTenant) => holder(tenant, {}, { workspaceIds: ['elsewhere'] })],
    ['environment', (tenant: TestTenant) => holder(tenant, { environment: 'staging' })],
  ])('an execution of another %s is not there, though it is the same agent', async (_, other) => {
    const { tenant, agent } = await house()
    await allowed(tenant, agent, { execution_id: 'run', environment: 'prod' })
    const scope = other(tenant)
    expect(await codeOf(getExecution(scope, 'run'))).toBe('not_found')
    expect(await codeOf(authorizeTool(scope, wish))).toBe('not_found')
    expect(await codeOf(ingestCost(scope, cost()))).toBe('not_found')
    const trace = { trace: { started_at: new Date().toISOString() } }
    expect(await codeOf(ingestTrace(scope, { ...cost(), ...trace }))).toBe('not_found')
    const { tool_token: token = '' } = await authorizeTool(agent, wish)
    expect(await codeOf(consumeTool(scope, { tool_token: token, tool: 'file_read' }))).not.toBe('none')
    expect(await consumeTool(agent, { tool_token: token, tool: 'file_read' })).toMatchObject({ status: 'ok' })
    expect(await systemDb().ledgerEntry.count({ where: { tenantId: tenant.id } })).toBe(0)
  })

  it('a decision of another environment is neither shown, listed nor used', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    await rule(tenant, 'require_approval')
    const body = asking(tenant.id, { execution_id: 'run', environment: 'prod' })
    const { decision_id: id } = await requestExecution(agent, body)
    await approve(tenant, id)
    const { decision_token: token = null } = await showOwnDecision(agent, id)
    const staging = holder(tenant, { environment: 'staging' })
    expect(await codeOf(showOwnDecision(staging, id))).toBe('not_found')
    expect(await codeOf(getAdapterDecision(staging, id))).toBe('not_found')
    expect(await codeOf(consumeOwnDecision(staging, { id, token }))).toBe('not_found')
    expect((await listAdapterDecisions(staging, { limit: 10, offset: 0 })).decisions).toEqual([])
    expect((await listAdapterDecisions(agent, { limit: 10, offset: 0 })).decisions).toHaveLength(1)
    expect(await consumeOwnDecision(agent, { id, token })).toEqual({ status: 'ok' })
  })

  it('a lesser token gets no tool, and no stored answer, for what a greater one was granted', async () => {
    const { tenant, agent } = await house()
    const body = { execution_id: 'run', requested_capabilities: ['files.read', 'files.write'] }
    await allowed(tenant, agent, body)
    const lesser = holder(tenant, { capabilities: ['files.read'] })
    expect(await authorizeTool(lesser, wish)).toMatchObject({ granted_scope: { capabilities: ['files.read'] } })
    const beyond = { ...wish, requested_scope: { capabilities: ['files.write'] } }
    expect(await authorizeTool(lesser, beyond)).toMatchObject({ decision: 'deny', reason: 'scope_not_allowed' })
    expect(await codeOf(requestExecution(lesser, asking(tenant.id, body)))).toBe('capability_not_allowed')
    expect(await authorizeTool(agent, beyond)).toMatchObject({ decision: 'allow' })
    await registerAdapter(agent, registration('coder', { capabilities: ['files.read'] }))
    expect(await authorizeTool(agent, beyond)).toMatchObject({ decision: 'deny', reason: 'scope_not_allowed' })
  })

  it('nothing that was on its way when it was switched off comes after it', { timeout: 120_000 }, async () => {
    const { tenant, agent } = await house()
    await allowed(tenant, agent, { execution_id: 'run', max_steps: 1_000 })
    const tokens: string[] = []
    for (let n = 0; n < AT_ONCE; n++) tokens.push((await authorizeTool(agent, wish)).tool_token ?? '')
    const work = tokens.flatMap((token, n) => [
      () => consumeTool(agent, { tool_token: token, tool: 'file_read' }),
      () => authorizeTool(agent, wish),
      () => requestExecution(agent, asking(tenant.id, { execution_id: `late-${n}` })),
      () => ingestCost(agent, cost({ cost_usd: n + 1 })),
    ])
    const running = work.map((act) => codeOf(act()))
    await disableAdapter(tenant.scope, { adapter_id: 'coder', reason: 'it misbehaves' })
    const codes = new Set(await Promise.all(running))
    expect([...codes].filter((code) => code !== 'none' && code !== 'adapter_disabled')).toEqual([])
    const audits = (await tenant.audits()).sort((a, b) => Number(a.seq - b.seq))
    const off = audits.findLastIndex(({ eventType, actor }) => eventType === 'config_change' && /^user/.test(actor))
    expect(audits.slice(off + 1).filter(({ actor }) => actor === 'adapter:coder')).toEqual([])
  })

  it('who is limited to workspaces does not change agents of the whole tenant', async () => {
    const { tenant } = await house()
    const signer = newSigner()
    await withKey(tenant, signer)
    const limited = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['elsewhere'] }))
    const about = { adapter_id: 'coder', reason: 'it misbehaves' }
    const codes = [
      await codeOf(disableAdapter(limited, about)),
      await codeOf(enableAdapter(limited, about)),
      await codeOf(revokeTelemetryKey(limited, { adapter_id: 'coder', key_id: 'any' })),
      await codeOf(withKey({ ...tenant, scope: limited }, newSigner())),
    ]
    expect(new Set(codes)).toEqual(new Set(['workspace_access_denied']))
  })
})

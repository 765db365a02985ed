import { expect, it } from 'vitest'
import { POST as registerRoute } from '@/app/(api)/adapters/register/route'
import { mintAdapterToken, signClaims } from '@/lib/auth'
import { parseEnv } from '@/lib/core/env'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb } from '@/lib/core/system-db'
import { agentScope, allowed, asking, codeOf, newAgent, registration, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, testSurroundings, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { authorizeTool, ingestTrace, requestExecution } from './index'

const waits = async () => {
  const tenant = await newTenant()
  const agent = await newAgent(tenant)
  await rule(tenant, 'require_approval')
  return { tenant, agent, reply: await requestExecution(agent, asking(tenant.id, { execution_id: 'run' })) }
}

for (const [name, env] of [
  ['CLASPER_APPROVAL_MODE', { CLASPER_APPROVAL_MODE: 'simulate', CLASPER_REQUIRE_APPROVAL_IN_CORE: 'block' }],
  ['CLASPER_REQUIRE_APPROVAL_IN_CORE', { CLASPER_REQUIRE_APPROVAL_IN_CORE: 'allow' }],
] as const)
  describeEachDialect(`simulation by ${name}`, (dialect) => {
    useKernel(dialect, { env })

    it('lets pass what would wait, and says so in the reply, the decision and the log', async () => {
      const { tenant, agent, reply } = await waits()
      expect(reply).toMatchObject({
        allowed: true,
        approval_mode: 'simulate',
        approval_source: 'simulation',
        auto_allowed_in_core: true,
      })
      expect(reply.explanation).toContain('only simulated')
      const stored = await systemDb().decision.findFirst({ where: { tenantId: tenant.id, id: reply.decision_id } })
      expect(stored).toMatchObject({ decision: 'allow', status: 'allow' })
      const tool = await authorizeTool(agent, { execution_id: 'run', adapter_id: 'coder', tool: 'file_read' })
      expect(tool.decision).toBe('allow')
      const events = (await tenant.audits()).map(({ eventType }) => eventType)
      expect(events.filter((event) => event === 'approval_auto_allowed_in_core')).toHaveLength(2)
    })
  })

describeEachDialect('the earlier setting gives way', (dialect) => {
  useKernel(dialect, { env: { CLASPER_APPROVAL_MODE: 'enforce', CLASPER_REQUIRE_APPROVAL_IN_CORE: 'allow' } })

  it('to the one that names the mode', async () => {
    expect((await waits()).reply).toMatchObject({ allowed: false, decision: 'pending', approval_mode: 'enforce' })
  })
})

describeEachDialect('other settings of external agents', (dialect) => {
  const env = {
    CLASPER_EXECUTION_MAX_STEPS: '4',
    CLASPER_TELEMETRY_SIGNATURE_MODE: 'off',
    CLASPER_TOOL_AUTH_MODE: 'off',
    CLASPER_LOCAL_TENANT_ID: 'near',
    CLASPER_LOCAL_WORKSPACE_ID: 'here',
    ADAPTER_JWT_ALGORITHM: 'HS512',
    ADAPTER_JWT_SECRET: 'z'.repeat(40),
    CLASPER_TOOL_TOKEN_SECRET: 't'.repeat(40),
    CLASPER_TOOL_TOKEN_ALGORITHM: 'HS384',
  }
  useKernel(dialect, { env })

  it('bound the steps, leave telemetry alone, and say how tokens are made', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    await rule(tenant, 'allow')
    const { granted_scope: scope } = await allowed(tenant, agent, { execution_id: 'run', max_steps: 90 })
    expect(scope?.max_steps).toBe(4)
    const at = kernel().clock.now().toISOString()
    const step = { type: 'tool_call', timestamp: at, data: { tool_call_id: '1', tool_name: 'file_read' } }
    const ids = { adapter_id: 'coder', execution_id: 'run', trace_id: uuidv7(kernel().clock.now().getTime()) }
    expect(await ingestTrace(agent, { ...ids, trace: { started_at: at, steps: [step] } })).toEqual({ status: 'ok' })
    const events = (await tenant.audits()).map(({ eventType }) => eventType)
    expect(events).not.toContain('adapter_telemetry_unsigned')
    expect(events).not.toContain('adapter_violation_reported')
    const given = await authorizeTool(agent, { execution_id: 'run', adapter_id: 'coder', tool: 'file_read' })
    const head = JSON.parse(Buffer.from((given.tool_token ?? '').split('.')[0] ?? '', 'base64url').toString()) as object
    expect(head).toMatchObject({ alg: 'HS384' })
  })

  it('outside production an agent without a tenant is a local one', async () => {
    const payload = { type: 'adapter', adapter_id: 'coder', allowed_capabilities: [], exp: 4_000_000_000 }
    const token = signClaims(payload, { secret: 'z'.repeat(40), algorithm: 'HS512' })
    const reply = await registerRoute(
      new Request('http://127.0.0.1/adapters/register', {
        method: 'POST',
        headers: { 'x-adapter-token': token, 'content-type': 'application/json' },
        body: JSON.stringify(registration('coder', { capabilities: [] })),
      }),
    )
    expect(await reply.json()).toMatchObject({ tenant_id: 'near', adapter_id: 'coder' })
    expect(agentScope('near').tenantId).toBe('near')
  })
})

describeEachDialect('production', (dialect) => {
  useKernel(dialect)

  it('needs a secret for adapter tokens, and a tenant in them', async () => {
    const before = kernel()
    const mint = (tenantId: string) =>
      mintAdapterToken({ adapterId: 'coder', tenantId, workspaceId: 'default', capabilities: [], userId: null }).token
    const surroundings = (extra: Record<string, string>) =>
      parseEnv({ ...testSurroundings(before.db.url, extra), NODE_ENV: 'production' })
    const started = (extra: Record<string, string>) =>
      installKernel(createKernel({ env: surroundings(extra), log: createLog('silent') }))
    const bare = started({})
    expect(await codeOf((async () => mint('t'))())).toBe('config_error')
    await bare.stop()
    const secret = 'p'.repeat(40)
    const set = started({ ADAPTER_JWT_SECRET: secret })
    const token = signClaims(
      { type: 'adapter', adapter_id: 'coder', allowed_capabilities: [], exp: 4_000_000_000 },
      { secret, algorithm: 'HS256' },
    )
    const reply = await registerRoute(
      new Request('http://127.0.0.1/adapters/register', { method: 'POST', headers: { 'x-adapter-token': token } }),
    )
    expect(await reply.json()).toMatchObject({ code: 'missing_claim' })
    await set.stop()
    installKernel(before)
    expect(() => surroundings({ ADAPTER_JWT_SECRET: 'short' })).toThrow('ADAPTER_JWT_SECRET')
  })
})

import { expect, it } from 'vitest'
import { POST as registerRoute } from '@/app/(api)/adapters/register/route'
import { GET as executionRoute } from '@/app/(api)/api/execution/[id]/route'
import { GET as probeRoute } from '@/app/ops/api/adapter-probe-token/route'
import { mintAdapterToken, signClaims } from '@/lib/auth'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import {
  agentScope,
  asking,
  codeOf,
  newAgent,
  newSigner,
  registration,
  rule,
  withKey,
} from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import {
  disableAdapter,
  enableAdapter,
  getTool,
  governanceDashboard,
  listAdapters,
  listAgents,
  listTools,
  probeToken,
  putTelemetryKey,
  registerAdapter,
  requestExecution,
  showPolicies,
  showPosture,
} from './index'

const SECRET = 'x'.repeat(40)
const PAGE = { limit: 10, offset: 0 }

describeEachDialect('the registry of external agents', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock, env: { ADAPTER_JWT_SECRET: SECRET, AGENT_DAEMON_API_KEY: 'k'.repeat(40) } })

  it('an agent registers itself, within its token, and raises its risk alone', async () => {
    const tenant = await newTenant()
    const agent = agentScope(tenant.id)
    const first = await registerAdapter(agent, registration('coder', { risk_class: 'medium' }))
    expect(first).toMatchObject({ adapter_id: 'coder', risk_class: 'medium', enabled: true })
    expect(first.callback_secret).toMatch(/^whsec_/)
    expect(await registerAdapter(agent, registration('coder', { risk_class: 'low', version: '2' }))).toMatchObject({
      risk_class: 'medium',
      version: '2',
    })
    expect(await registerAdapter(agent, registration('coder', { risk_class: 'critical' }))).toMatchObject({
      risk_class: 'critical',
    })
    expect(await codeOf(registerAdapter(agent, registration('other')))).toBe('adapter_scope_mismatch')
    expect(await codeOf(registerAdapter(agent, registration('coder', { capabilities: ['root'] })))).toBe(
      'capability_not_allowed',
    )
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'coder' })
  })

  it('sixteen registrations at once never lower the risk', async () => {
    const tenant = await newTenant()
    const agent = agentScope(tenant.id)
    const classes = ['low', 'critical', 'medium', 'high'] as const
    await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        registerAdapter(agent, registration('coder', { risk_class: classes[n % 4] ?? 'low' })),
      ),
    )
    expect((await listAdapters(tenant.scope, PAGE)).adapters).toMatchObject([{ risk_class: 'critical' }])
  })

  it('what a person switched off only a person switches on', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    const off = { adapter_id: 'coder', reason: 'it misbehaves' }
    expect(await disableAdapter(tenant.scope, off)).toMatchObject({ adapter: { enabled: false } })
    expect(await registerAdapter(agent, registration())).toMatchObject({ enabled: false })
    expect(await codeOf(requestExecution(agent, asking(tenant.id)))).toBe('adapter_disabled')
    expect(await enableAdapter(tenant.scope, off)).toMatchObject({ adapter: { enabled: true, disabled_by: null } })
    expect(await registerAdapter(agent, registration('coder', { enabled: false }))).toMatchObject({ enabled: false })
    expect(await registerAdapter(agent, registration())).toMatchObject({ enabled: true })
    const foreign = await newTenant('b')
    expect(await codeOf(disableAdapter(foreign.scope, off))).toBe('not_found')
    expect(await listAdapters(foreign.scope, PAGE)).toMatchObject({ adapters: [], total: 0 })
  })

  it('keys are public, of the right kind, and of an agent that is there', async () => {
    const tenant = await newTenant()
    await newAgent(tenant)
    const [ed, ec] = [newSigner('ed25519'), newSigner('ES256')]
    await withKey(tenant, ed)
    await withKey(tenant, ed)
    const key = { adapter_id: 'coder', key_alg: 'ed25519' as const }
    const jwk = ec.jwk as never
    expect(await codeOf(putTelemetryKey(tenant.scope, { ...key, public_jwk: jwk }))).toBe('invalid_request')
    const broken = { ...ed.jwk, x: 'AAAA' } as never
    expect(await codeOf(putTelemetryKey(tenant.scope, { ...key, public_jwk: broken }))).toBe('invalid_request')
    expect(await codeOf(withKey(tenant, ed, 'nobody'))).toBe('not_found')
    const [only] = (await listAdapters(tenant.scope, PAGE)).adapters
    expect(only?.telemetry_keys).toHaveLength(1)
    expect(JSON.stringify(only)).not.toContain('"d"')
  })

  it('the probe token is for five minutes, within the tenant, and names its person', async () => {
    const tenant = await newTenant()
    await newAgent(tenant)
    const probe = await probeToken(tenant.scope, { adapter_id: 'coder' })
    expect(Date.parse(probe.expires_at) - clock.now().getTime()).toBeLessThanOrEqual(300_000)
    expect(probe.allowed_capabilities).toEqual(['files.read', 'files.write'])
    const claims = JSON.parse(Buffer.from(probe.token.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(claims).toMatchObject({
      type: 'adapter',
      sub: 'adapter:coder',
      tenant_id: tenant.id,
      on_behalf_of: tenant.scope.identity.userId,
    })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'coder' })
  })

  it('posture: a fallback is what tells guarded from degraded, and rules cover tools by name', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    expect(await showPosture(agent)).toMatchObject({
      adapter: 'coder',
      mode: 'guarded',
      status: 'DEGRADED',
      fallback_present: false,
      uncovered_tools: ['file_read', 'file_write'],
    })
    await rule(tenant, 'deny', { policy_id: 'rest', subject: { type: 'tool' }, precedence: -1 })
    await rule(tenant, 'allow', { policy_id: 'reads', subject: { type: 'tool', name: 'file-read' } })
    await rule(tenant, 'allow', { policy_id: 'others', subject: { type: 'adapter', name: 'another' } })
    expect(await showPosture(agent)).toMatchObject({
      status: 'ENFORCED',
      fallback_enabled: true,
      policy_count: 3,
      covered_tools: ['file_read'],
      uncovered_tools: ['file_write'],
    })
    const shown = await showPolicies(agent)
    expect(shown.policies.map(({ policy_id: id }) => id).sort()).toEqual(['reads', 'rest'])
    expect(JSON.stringify(shown)).not.toContain('conditions')
  })

  it('operators see agents, tools and the board of their own tenant', async () => {
    const [tenant, foreign] = [await newTenant(), await newTenant('b')]
    const agent = await newAgent(tenant)
    await requestExecution(agent, asking(tenant.id))
    const agents = await listAgents(tenant.scope, PAGE)
    expect(agents.agents).toMatchObject([{ adapter_id: 'coder', decisions: { deny: 1 }, executions: { deny: 1 } }])
    expect(await listAgents(foreign.scope, PAGE)).toMatchObject({ agents: [], total: 0 })
    const { dashboard } = await governanceDashboard(tenant.scope, { days: 7 })
    expect(dashboard).toMatchObject({ by_origin: { execution: 1 }, by_agent: [{ adapter_id: 'coder', deny: 1 }] })
    expect(dashboard.days).toHaveLength(7)
    expect(dashboard.days.at(-1)).toMatchObject({ deny: 1, day: clock.now().toISOString().slice(0, 10) })
    expect((await governanceDashboard(foreign.scope, { days: 7 })).dashboard.coverage.decisions).toBe(0)
    expect((await listTools(tenant.scope, PAGE)).tools.map(({ name }) => name)).toEqual(['file_read', 'file_write'])
    expect(await listTools(tenant.scope, { ...PAGE, q: 'WRITE' })).toMatchObject({ total: 1 })
    expect(await getTool(tenant.scope, 'file_read')).toMatchObject({ tool: { adapters: ['coder'], covered: false } })
    expect(await codeOf(getTool(foreign.scope, 'file_read'))).toBe('not_found')
  })
})

describeEachDialect('the token of an external agent', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock, env: { ADAPTER_JWT_SECRET: SECRET, AGENT_DAEMON_API_KEY: 'k'.repeat(40) } })

  const seconds = () => Math.floor(clock.now().getTime() / 1000)
  const claims = (tenantId: string, over: object = {}) => ({
    type: 'adapter',
    adapter_id: 'coder',
    tenant_id: tenantId,
    workspace_id: 'default',
    allowed_capabilities: ['files.read', 'files.write'],
    sub: 'adapter:coder',
    iat: seconds(),
    exp: seconds() + 60,
    ...over,
  })
  const signed = (payload: object, algorithm: 'HS256' | 'HS512' = 'HS256', secret = SECRET) =>
    signClaims(payload, { secret, algorithm })
  const register = async (token: string | null, body: object = registration()) => {
    const request = new Request('http://127.0.0.1/adapters/register', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { 'x-adapter-token': token }) },
    })
    const reply = await registerRoute(request)
    return { status: reply.status, ...((await reply.json()) as { code?: string; adapter_id?: string }) }
  }

  it('lets its holder in, and nobody else', async () => {
    const { id } = await newTenant()
    expect(await register(signed(claims(id)))).toMatchObject({ status: 200, adapter_id: 'coder' })
    expect(await register(null)).toMatchObject({ status: 401, code: 'missing_token' })
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims(id))).toString('base64url')}.`
    const wrong: [string, string][] = [
      ['a.b.c', 'invalid_token'],
      [none, 'invalid_token'],
      [signed(claims(id), 'HS512'), 'invalid_token'],
      [signed(claims(id), 'HS256', 'y'.repeat(40)), 'invalid_token'],
      [signed(claims(id, { exp: seconds() - 31 })), 'invalid_token'],
      [signed({ ...claims(id), exp: undefined }), 'invalid_token'],
      [signed(claims(id, { type: 'agent' })), 'invalid_token'],
      [signed(claims(id, { sub: 'adapter:other' })), 'invalid_token'],
      [signed(claims(id, { tenant_id: '../x' })), 'invalid_token'],
      [signed(claims(id, { allowed_capabilities: 'all' })), 'invalid_token'],
      [signed(claims(id, { adapter_id: undefined })), 'missing_claim'],
      [signed(claims(id, { allowed_capabilities: undefined })), 'missing_claim'],
    ]
    for (const [token, code] of wrong) expect(await register(token)).toMatchObject({ status: 403, code })
    expect(await register(signed(claims(id)), { ...registration(), tenant_id: 'other' })).toMatchObject({
      status: 403,
      code: 'tenant_access_denied',
    })
  })

  it('opens no door of people or of the backend, and their credentials do not open its doors', async () => {
    const { id } = await newTenant()
    const { token } = mintAdapterToken({
      adapterId: 'coder',
      tenantId: id,
      workspaceId: 'default',
      capabilities: [],
      userId: null,
    })
    const headers = { 'x-adapter-token': token, authorization: `Bearer ${token}` }
    const probe = await probeRoute(new Request('http://127.0.0.1/ops/api/adapter-probe-token', { headers }))
    expect([401, 403, 500]).toContain(probe.status)
    expect(probe.status).not.toBe(200)
    const daemon = new Request('http://127.0.0.1/api/execution/x', {
      headers: { 'x-agent-daemon-key': kernel().env.AGENT_DAEMON_API_KEY },
    })
    expect((await executionRoute(daemon, { params: { id: 'x' } })).status).toBe(401)
  })
})

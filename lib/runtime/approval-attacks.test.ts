import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { approver, guardRefunds, refund, refundsOf, workOff, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { createPolicy, resolveDecision, setBudget, updatePolicy } from '@/lib/governance'

const SECRET = 't'.repeat(40)

describeEachDialect('an approval, and what changes around it', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: { CLASPER_TENANT_JWT_SECRET: SECRET, LLM_MODEL_FALLBACK: '' },
  })
  beforeAll(() => guardRefunds(house.workspace))
  beforeEach(() => {
    house.provider.reset()
    rmSync(join(house.workspace, 'policies/late.yaml'), { force: true })
  })

  const late = (rule: string) => writeFileSync(join(house.workspace, 'policies/late.yaml'), rule)
  const admin = (tenant: AgentTenant) => scopeOf(identityOf(tenant.id))
  const rowOf = (id: unknown) => systemDb().trace.findFirstOrThrow({ where: { id: String(id) } })
  const paused = async (tenant: AgentTenant) => {
    house.provider.script({ text: 'I pay.', toolCalls: [refund('pay')] }, { text: 'It is done.' })
    const { status, body } = await tenant.json('send', tenant.say('Refund'))
    expect(status).toBe(202)
    return body
  }
  const lastHeard = () => JSON.stringify(house.provider.requests().at(-1)?.body)

  type Step = { type: string; data: { decision?: { decision_id: string } } }
  const decisionsNamed = async (tenant: AgentTenant, id: unknown): Promise<string[]> =>
    ((await tenant.trace(String(id)))['steps'] as Step[])
      .filter(({ type }) => type === 'tool_call')
      .flatMap(({ data }) => (data.decision ? [data.decision.decision_id] : []))

  it('the record of the run names decisions that are there', async () => {
    const tenant = house.tenant()
    const body = await paused(tenant)
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    expect(await decisionsNamed(tenant, body['trace_id'])).toEqual([body['decision_id']])
  })

  it.each([
    [
      'a file',
      async () => late('- policy_id: stop\n  subject: {type: tool}\n  precedence: 50\n  effect: {decision: deny}\n'),
    ],
    [
      'a row',
      (tenant: AgentTenant) =>
        createPolicy(admin(tenant), {
          policy_id: 'stop',
          subject: { type: 'tool' },
          precedence: 50,
          effect: { decision: 'deny' },
        }),
    ],
    ['a file that cannot be read', async () => late('policies: [')],
  ])('does not pass what is forbidden by now by %s', async (_by, forbid) => {
    const tenant = house.tenant()
    const body = await paused(tenant)
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await forbid(tenant)
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([])
    expect(await rowOf(body['trace_id'])).toMatchObject({ status: 'success' })
    expect(lastHeard()).toContain('was refused (policy')
    for (const id of await decisionsNamed(tenant, body['trace_id']))
      expect(await systemDb().decision.count({ where: { id, decision: 'deny' } })).toBe(1)
    expect(await systemDb().decision.findFirst({ where: { id: String(body['decision_id']) } })).toMatchObject({
      usedAt: null,
    })
  })

  it('is not enough where a higher role is asked for by now', async () => {
    const tenant = house.tenant()
    const body = await paused(tenant)
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    late(
      '- policy_id: higher\n  subject: {type: tool, name: refund_create}\n  precedence: 50\n  effect: {decision: require_approval, required_role: admin}\n',
    )
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([])
    expect(lastHeard()).toContain('the approval of a higher role')
  })

  it('holds for the version of the workspace that the run began with, and a session that went on meanwhile', async () => {
    const tenant = house.tenant()
    const body = await paused(tenant)
    writeFileSync(join(house.workspace, 'USER.md'), 'Everything is new.')
    house.provider.reset()
    house.provider.script({ text: 'Something else.' }, { text: 'It is done.' })
    expect((await tenant.json('send', tenant.say('And now?'))).body['response']).toBe('Something else.')
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    rmSync(join(house.workspace, 'USER.md'))
    expect(refundsOf(house, tenant)).toHaveLength(1)
    expect(lastHeard()).not.toContain('Everything is new')
    expect(tenant.messages().map(({ content }) => content)).toEqual(['Something else.', 'It is done.'])
  })

  it('money that ran out meanwhile ends the run after the approved call, and nothing stays held', async () => {
    const tenant = house.tenant()
    const body = await paused(tenant)
    await setBudget(admin(tenant), { scope: 'tenant', budget_usd: 0.000_001 })
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    const { status } = await rowOf(body['trace_id'])
    expect(['success', 'error']).toContain(status)
    expect((await tenant.ledger()).filter(({ state }) => state === 'reserved')).toEqual([])
    expect(await systemDb().pausedRun.count({ where: { tenantId: tenant.id } })).toBe(0)
    expect(refundsOf(house, tenant).length).toBeLessThanOrEqual(1)
  })

  const asUser = async (tenant: AgentTenant) => ({
    'x-agent-daemon-key': '',
    authorization: `Bearer ${await new SignJWT({ tenant_id: tenant.id, user_id: 'u1', allowed_tools: '*' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(kernel().clock.now().getTime() / 1000 + 60)
      .sign(new TextEncoder().encode(SECRET))}`,
  })
  const detailOf = (body: Record<string, unknown>) =>
    String((body['details'] as Record<string, unknown>)['decision_id'])

  it('of a run is for who asked, wherever its answer was to go, in the role that is asked for', async () => {
    const tenant = house.tenant()
    const rule = { policy_id: 'ask', subject: { type: 'cost' as const } }
    await createPolicy(admin(tenant), { ...rule, effect: { decision: 'require_approval' } })
    const webhook = { url: 'https://answers.example/one', secret: 'x'.repeat(32) }
    const say = async (more: object, as?: Record<string, string>) =>
      tenant.json('send', tenant.say('Hello', { webhook, ...more }), as)
    const id = detailOf((await say({})).body)
    // Somebody else who asks for the same waits for a decision of their own.
    const other = detailOf((await say({}, await asUser(tenant))).body)
    expect(other).not.toBe(id)
    const rows = await systemDb().decision.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })
    expect(new Set(rows.map(({ actionHash }) => actionHash)).size).toBe(1)
    expect(JSON.stringify(rows.map(({ action, facts }) => [action, facts]))).not.toContain('answers.example')
    await resolveDecision(approver(tenant.id), id, YES)
    expect((await say({ decision_id: id }, await asUser(tenant))).status).toBe(403)
    for (const changed of [{ url: 'https://answers.example/two' }, { secret: 'y'.repeat(32) }])
      expect((await say({ decision_id: id, webhook: { ...webhook, ...changed } })).status).toBe(403)
    const higher = { decision: 'require_approval', required_role: 'admin' } as const
    await updatePolicy(admin(tenant), 'ask', { revision: 1, effect: higher })
    expect((await say({ decision_id: id })).status).toBe(403)
    await updatePolicy(admin(tenant), 'ask', { revision: 2, effect: { decision: 'require_approval' } })
    house.provider.answer(() => ({ text: 'Hi.' }))
    expect((await say({ decision_id: id })).status).toBe(200)
    expect((await say({ decision_id: id })).status).toBe(403)
  })
})

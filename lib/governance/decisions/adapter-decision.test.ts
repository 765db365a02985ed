import { afterEach, beforeEach, expect, it } from 'vitest'
import { fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Identity } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { approver, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { isProblem } from '@/lib/shared/problem'
import { consumeForAdapter, decisionForAdapter } from './adapter-decision'
import { resolveDecision } from './resolve-decision'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (isProblem(error) ? error.code : String(error)),
  )

describeEachDialect('the token of an approval', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock, env: { CLASPER_WEBHOOK_ALLOW_PRIVATE: 'true' } })
  const state = {} as { tenant: TestTenant }
  beforeEach(async () => {
    state.tenant = await newTenant()
  })
  afterEach(() => clock.set(systemClock.now()))

  const agent = (id: string, over: Partial<Identity> = {}, tenantId = state.tenant.id) =>
    scopeOf(
      identityOf(tenantId, 'viewer', {
        ...{ plane: 'adapter', actor: `adapter:${id}`, userId: null, role: null, permissions: new Set() },
        ...{ workspaceIds: ['default'], adapter: { id, capabilities: [] }, ...over },
      }),
    )
  const asked = (over: Parameters<typeof pendingDecision>[1] = {}) =>
    pendingDecision(state.tenant.scope, {
      ...{ origin: 'execution', adapterId: 'bot', executionId: 'x-1', grantedScope: { max_steps: 3 } },
      ...{ callbackUrl: 'https://bot.example/hooks/k3y-abcdef0123456789abcd', requestedBy: 'adapter:bot', ...over },
    })
  const approve = (id: string) => resolveDecision(approver(state.tenant.id), id, YES)

  it('is given to the agent that asked once it is approved, and works once', async () => {
    const id = await asked()
    expect(await decisionForAdapter(agent('bot'), id)).toMatchObject({ status: 'pending', granted_scope: null })
    const { decision_token: told } = await approve(id)
    const known = await decisionForAdapter(agent('bot'), id)
    expect(known).toMatchObject({ status: 'approved', decision_token: told, granted_scope: { max_steps: 3 } })
    const token = String(known.decision_token)
    expect(await consumeForAdapter(agent('bot'), { id, token })).toEqual({ status: 'ok' })
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token }))).toBe('already_consumed')
    const after = await decisionForAdapter(agent('bot'), id)
    expect(after.decision_token).toBeUndefined()
    expect(after.decision_token_used_at).not.toBeNull()
  })

  it('stands nowhere in clear, nor does the address that is to be told', async () => {
    const id = await asked()
    const { decision_token: token } = await approve(id)
    const rows = JSON.stringify(
      [
        await systemDb().decision.findMany({ where: { tenantId: state.tenant.id } }),
        await systemDb().webhookDelivery.findMany({ where: { tenantId: state.tenant.id } }),
        await systemDb().auditPayload.findMany({ where: { tenantId: state.tenant.id } }),
      ],
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    )
    expect(rows).not.toContain(String(token))
    expect(rows).not.toContain('k3y-abcdef0123456789abcd')
    const [hook] = await systemDb().webhookDelivery.findMany({ where: { tenantId: state.tenant.id } })
    expect(hook?.event).toBe('decision.resolved')
    expect(JSON.parse(hook?.body ?? '{}')).toMatchObject({ decision_id: id, status: 'approved' })
    expect(hook?.body).not.toContain('eyJ')
  })

  it('opens nothing to anybody else', async () => {
    const [id, other] = [await asked(), await asked()]
    const { decision_token: token = '' } = await approve(id)
    await approve(other)
    const stranger = await newTenant()
    const foreign = [agent('bot-2'), agent('bot', {}, stranger.id), agent('bot', { workspaceIds: ['elsewhere'] })]
    for (const who of foreign) {
      expect(await codeOf(decisionForAdapter(who, id))).toBe('not_found')
      expect(await codeOf(consumeForAdapter(who, { id, token }))).toBe('not_found')
    }
    expect(await codeOf(consumeForAdapter(agent('bot'), { id: other, token }))).toBe('invalid_token')
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token: `${token}x` }))).toBe('invalid_token')
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token: null }))).toBe('invalid_request')
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token }))).toBe('none')
  })

  it('is worth nothing after its time, and nothing before the approval', async () => {
    const id = await asked()
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token: 'a.b.c' }))).toBe('invalid_token')
    const { decision_token: token = '' } = await approve(id)
    clock.advance(kernel().env.CLASPER_DECISION_TOKEN_TTL_SECONDS * 1000)
    expect((await decisionForAdapter(agent('bot'), id)).status).toBe('expired')
    expect(await codeOf(consumeForAdapter(agent('bot'), { id, token }))).toBe('invalid_token')
  })
})

import { afterEach, beforeEach, expect, it } from 'vitest'

import { dateOf, fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { ACTION, approver, NO, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { isProblem } from '@/lib/shared/problem'
import { consumeDecision } from './consume-decision'
import { expireDecisions } from './expire-decisions'
import { getDecision, listDecisions } from './list-decisions'
import { resolveDecision } from './resolve-decision'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (isProblem(error) ? error.code : String(error)),
  )

describeEachDialect('who may approve', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })
  const state = {} as { tenant: TestTenant }
  beforeEach(async () => {
    state.tenant = await newTenant()
  })
  const ask = (over: Parameters<typeof pendingDecision>[1] = {}) => pendingDecision(state.tenant.scope, over)
  const statusOf = async (id: string) => (await systemDb().decision.findFirstOrThrow({ where: { id } })).status

  it('a person in the role that it needs, once, with the rows of it', async () => {
    const { tenant } = state
    const id = await ask()
    const done = await resolveDecision(approver(tenant.id), id, YES)
    expect(done.decision).toMatchObject({ status: 'approved', resolved_by: 'user:approver-release_manager' })
    expect(done).not.toHaveProperty('decision_token')
    expect(await codeOf(resolveDecision(approver(tenant.id), id, YES))).toBe('already_resolved')
    expect(await codeOf(resolveDecision(approver(tenant.id), id, NO))).toBe('already_resolved')
    const audits = (await tenant.audits()).map(({ eventType }) => eventType)
    expect(audits).toEqual(['policy_decision_pending', 'policy_decision_resolved', 'approval_grant_created'])
  })

  it('of many at once exactly one', async () => {
    const id = await ask()
    const who = ['release_manager', 'admin'] as const
    const tries = Array.from({ length: 24 }, (_, n) =>
      codeOf(resolveDecision(approver(state.tenant.id, who[n % 2]), id, n % 3 === 0 ? NO : YES)),
    )
    const codes = await Promise.all(tries)
    expect(codes.filter((code) => code === 'none')).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['none', 'already_resolved']))
    const resolved = (await state.tenant.audits()).filter(({ eventType }) => eventType === 'policy_decision_resolved')
    expect(resolved).toHaveLength(1)
  })

  it.each([
    ['who asked, by its id', { requestedById: 'approver-release_manager' }],
    ['who asked, by its name', { requestedBy: 'user:approver-release_manager' }],
    ['whom the agent speaks for', { userId: 'approver-release_manager' }],
  ])('never %s; he may take it back', async (_, over) => {
    const id = await ask(over)
    const self = approver(state.tenant.id)
    expect(await codeOf(resolveDecision(self, id, YES))).toBe('own_request')
    expect(await statusOf(id)).toBe('pending')
    expect((await getDecision(self, id)).decision).toMatchObject({ can_approve: false, why_not: 'own_request' })
    await resolveDecision(self, id, NO)
    expect(await statusOf(id)).toBe('denied')
  })

  it('another person of the same name may, the same person under another name may not', async () => {
    const named = (userId: string) =>
      scopeOf(identityOf(state.tenant.id, 'admin', { userId, actor: `user:${userId}`, name: 'Kim' }))
    const id = await ask({ requestedBy: 'user:old-name', requestedById: 'kim-1' })
    expect(await codeOf(resolveDecision(named('kim-1'), id, YES))).toBe('own_request')
    expect(await codeOf(resolveDecision(named('kim-2'), id, YES))).toBe('none')
  })

  it('only in the role that the policy names, whatever the role may otherwise do', async () => {
    const id = await ask({ requiredRole: 'admin' })
    expect(await codeOf(resolveDecision(approver(state.tenant.id), id, YES))).toBe('permission_denied')
    const over = { ...YES, action: 'approve_with_override', override_reason_code: 'hotfix' } as const
    expect(await codeOf(resolveDecision(approver(state.tenant.id), id, over))).toBe('permission_denied')
    expect(await codeOf(resolveDecision(approver(state.tenant.id, 'admin'), id, YES))).toBe('none')
    const nobody = await ask({ requiredRole: 'emperor' })
    expect(await codeOf(resolveDecision(approver(state.tenant.id, 'admin'), nobody, YES))).toBe('permission_denied')
  })

  it('no key and no job: a person', async () => {
    const id = await ask()
    for (const over of [
      { plane: 'service', userId: null },
      { plane: 'job' },
      { userId: null },
      { permissions: new Set() },
    ] as const)
      expect(await codeOf(resolveDecision(scopeOf(identityOf(state.tenant.id, 'admin', over as never)), id, YES))).toBe(
        'permission_denied',
      )
    expect(await statusOf(id)).toBe('pending')
  })

  it('nobody of another tenant or another workspace, and they cannot tell it from nothing', async () => {
    const [a, b] = await twoTenants()
    const id = await pendingDecision(a.scope)
    expect(await codeOf(resolveDecision(approver(b.id), id, YES))).toBe('not_found')
    expect(await codeOf(getDecision(approver(b.id), id))).toBe('not_found')
    const fenced = scopeOf(identityOf(a.id, 'admin', { userId: 'x', actor: 'user:x', workspaceIds: ['other'] }))
    expect(await codeOf(resolveDecision(fenced, id, YES))).toBe('not_found')
    expect((await listDecisions(fenced, { limit: 50 })).decisions).toEqual([])
    expect((await listDecisions(approver(b.id), { limit: 50 })).decisions).toEqual([])
  })

  it('an override leaves its receipt, and needs its reason', async () => {
    const id = await ask()
    const bare = { ...YES, action: 'approve_with_override' } as const
    expect(await codeOf(resolveDecision(approver(state.tenant.id), id, bare))).toBe('invalid_request')
    await resolveDecision(approver(state.tenant.id), id, { ...bare, override_reason_code: 'hotfix' })
    const audits = (await state.tenant.audits()).map(({ eventType }) => eventType)
    expect(audits).toContain('ops_override_used')
    const receipts = await systemDb().receipt.findMany({ where: { tenantId: state.tenant.id } })
    expect(receipts).toMatchObject([{ kind: 'override', targetId: id, reasonCode: 'hotfix' }])
  })

  it('nothing after its time, by the clock of the server', async () => {
    const id = await ask()
    clock.advance(3_600_001)
    expect(await codeOf(resolveDecision(approver(state.tenant.id), id, YES))).toBe('decision_expired')
    const [shown] = (await listDecisions(approver(state.tenant.id), { limit: 50, status: 'expired' })).decisions
    expect(shown).toMatchObject({ decision_id: id, status: 'expired', can_approve: false, why_not: 'decision_expired' })
    expect(await expireDecisions(state.tenant.scope)).toEqual({ checked: 1, ids: [id] })
    expect(await expireDecisions(state.tenant.scope)).toEqual({ checked: 0, ids: [] })
    expect(await statusOf(id)).toBe('expired')
    expect(await codeOf(resolveDecision(approver(state.tenant.id), id, YES))).toBe('decision_expired')
  })

  it('shows what it is about while it waits, and withholds it afterwards from who may not see payloads', async () => {
    const id = await ask({ action: { tool: 'mail', arguments: { to: 'kim@example.com', text: 'hello' } } })
    const waiting = (await getDecision(approver(state.tenant.id), id)).decision
    expect(waiting).toMatchObject({ withheld: false, action: { arguments: { to: '[EMAIL]', text: 'hello' } } })
    const higher = await ask({ requiredRole: 'admin' })
    expect((await getDecision(approver(state.tenant.id), higher)).decision).toMatchObject({
      withheld: true,
      action: null,
      facts: null,
      why_not: 'permission_denied',
    })
    const asker = await ask({ requestedById: 'approver-release_manager' })
    expect((await getDecision(approver(state.tenant.id), asker)).decision).toMatchObject({ withheld: false })
    await resolveDecision(approver(state.tenant.id), id, NO)
    expect((await getDecision(approver(state.tenant.id), id)).decision).toMatchObject({ withheld: true, action: null })
    expect((await getDecision(approver(state.tenant.id, 'admin'), id)).decision).toMatchObject({ withheld: false })
  })

  it('lists by state, newest first, page by page', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift(await ask({ id: dateBased(n) }))
    const who = approver(state.tenant.id)
    await resolveDecision(who, String(ids[2]), YES)
    const first = await listDecisions(who, { limit: 2 })
    expect(first).toMatchObject({ pending: 4, has_more: true })
    expect(first.decisions.map((one) => one.decision_id)).toEqual(ids.slice(0, 2))
    const [at, id] = JSON.parse(Buffer.from(first.next_cursor ?? '', 'base64url').toString()) as [string, string]
    const second = await listDecisions(who, { limit: 2, cursor: [at, id] })
    expect(second.decisions.map((one) => one.decision_id)).toEqual(ids.slice(2, 4))
    expect((await listDecisions(who, { limit: 9, status: 'approved' })).decisions).toHaveLength(1)
    expect((await listDecisions(who, { limit: 9, status: 'pending' })).decisions).toHaveLength(4)
    expect((await listDecisions(who, { limit: 9, policy_id: 'refunds' })).decisions).toHaveLength(5)
    expect((await listDecisions(who, { limit: 9, policy_id: 'refund' })).decisions).toHaveLength(0)
  })

  const dateBased = (n: number) => {
    clock.set(dateOf(clock.now().getTime() + 1_000))
    return `0193f0a0-0000-7000-8000-${String(n).padStart(6, '0')}${String(clock.now().getTime()).slice(-6)}`
  }
})

describeEachDialect('the one use of an approval', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })

  const approved = async (over: Parameters<typeof pendingDecision>[1] = {}) => {
    const tenant = await newTenant()
    const id = await pendingDecision(tenant.scope, over)
    const { decision_token: token } = await resolveDecision(approver(tenant.id), id, YES)
    return { tenant, id, token }
  }
  afterEach(() => clock.set(systemClock.now()))

  it('is for the very action and no other, in this tenant, once', async () => {
    const { tenant, id } = await approved()
    const stranger = await newTenant()
    const use = { id, actionHash: ACTION, by: 'run:1' }
    expect(await consumeDecision(tenant.scope, { ...use, actionHash: `${ACTION}0` })).toBe(false)
    expect(await consumeDecision(stranger.scope, use)).toBe(false)
    expect(await consumeDecision(tenant.scope, { ...use, adapterId: 'a' })).toBe(false)
    expect(await consumeDecision(tenant.scope, use)).toBe(true)
    expect(await consumeDecision(tenant.scope, use)).toBe(false)
    const used = (await tenant.audits()).filter(({ eventType }) => eventType === 'approval_grant_consumed')
    expect(used).toHaveLength(1)
  })

  it('is not for what waits, was refused, or was approved too long ago', async () => {
    const tenant = await newTenant()
    const waiting = await pendingDecision(tenant.scope)
    const use = (id: string) => consumeDecision(tenant.scope, { id, actionHash: ACTION, by: 'run:1' })
    expect(await use(waiting)).toBe(false)
    await resolveDecision(approver(tenant.id), waiting, NO)
    expect(await use(waiting)).toBe(false)
    const { tenant: other, id } = await approved({ adapterId: 'bot' })
    clock.advance(kernel().env.CLASPER_DECISION_TOKEN_TTL_SECONDS * 1000)
    expect(await consumeDecision(other.scope, { id, actionHash: ACTION, by: 'x', adapterId: 'bot' })).toBe(false)
  })
})

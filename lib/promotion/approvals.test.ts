import { afterEach, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { readPin, saveEnvironment } from '@/lib/workspace'
import {
  approvePromotion,
  cancelPromotion,
  createPromotion,
  executeNow,
  executePromotion,
  getPromotion,
  promoteEnvironment,
  recheckPromotion,
  rollbackPromotion,
} from '.'

const ANNOTATION = { key: 'release', value: 'winter' }
const WHY = { reason_code: 'hotfix', justification: 'production is down since noon' } as const
const ROUTE = { source_env: 'dev', target_env: 'staging' }
const START = new Date('2026-03-01T12:00:00Z')
const clock = fixedClock(START)

const gates = (text: string) => ({ 'gates.yaml': text })
const TWO = gates('environments: { staging: { approvals: { required: 2 } } }')
const NAMED = gates('environments: { staging: { approvals: { required: 1, from: [ada] } } }')
const ADMIN = gates('environments: { staging: { approvals: { required: 1, role: admin } } }')
const SOAK = gates('environments: { staging: { soak_minutes: 30, evidence_hours: 2 } }')

const setOut = async (files: Record<string, string>, more: object = {}, by = 'rita') => {
  const tenant = await newTenant()
  await threeStages(tenant.scope)
  const hash = await versionOf(tenant.scope, files, { environment: 'dev' })
  const requester = person(tenant.id, by)
  const { promotion } = await createPromotion(requester, WORKSPACE, { ...ROUTE, ...more })
  await workOffPromotions()
  return { tenant, hash, requester, id: promotion.id }
}

const show = async (scope: Scope, id: string) => (await getPromotion(scope, WORKSPACE, id)).promotion
const yes = (scope: Scope, id: string, more: object = {}) =>
  approvePromotion(scope, WORKSPACE, id, { decision: 'approve', ...more })
const run = (scope: Scope, id: string, more: object = {}) =>
  executePromotion(scope, WORKSPACE, id, { annotation: ANNOTATION, ...more })

const BLOCKED = { code: 'promotion_blocked' }

const session = (tenant: TestTenant, userId: string, roles: string[], at: Date) =>
  systemWrite(({ client }) =>
    client.opsSession.create({
      data: {
        ...{ tenantId: tenant.id, id: `${userId}-${at.getTime()}`, idHash: `${tenant.id}-${userId}-${at.getTime()}` },
        ...{ issuer: 'https://issuer.test', sub: userId, userId, activeTenantId: tenant.id, allowedTenants: [], roles },
        ...{ createdAt: at, lastSeenAt: at, expiresAt: new Date(at.getTime() + 1e8) },
        ...{ idleExpiresAt: new Date(at.getTime() + 1e8), recheckAt: at },
      },
    }),
  )

describeEachDialect('approvals of a promotion', (dialect) => {
  useKernel(dialect, { clock })
  afterEach(() => clock.advance(START.getTime() - clock.now().getTime()))

  it('as many as the gate asks, of different people, never of who asked, in whatever session', async () => {
    const { tenant, hash, requester, id } = await setOut(TWO)
    expect(await show(requester, id)).toMatchObject({
      ...{ status: 'waiting', waits_for: ['approvals'], blocked: true, can: { approve: false, execute: false } },
      approvals: { required: 2, given: 0 },
    })
    await expect(yes(requester, id)).rejects.toMatchObject({ code: 'own_request' })
    const again = person(tenant.id, 'rita', 'admin')
    await expect(yes(again, id)).rejects.toMatchObject({ code: 'own_request' })
    await expect(yes(person(tenant.id, 'olu', 'operator'), id)).rejects.toMatchObject({ code: 'permission_denied' })
    const ada = person(tenant.id, 'ada')
    await yes(ada, id)
    await yes(ada, id, { comment: 'twice counts once' })
    await expect(run(requester, id)).rejects.toMatchObject({ ...BLOCKED, body: { override_required: true } })
    await yes(person(tenant.id, 'ben'), id)
    const ready = await show(requester, id)
    expect(ready).toMatchObject({ waits_for: [], blocked: false, can: { execute: true }, approvals: { given: 2 } })
    await run(requester, id)
    expect(await readPin(requester, WORKSPACE, 'staging')).toMatchObject({ versionHash: hash })
  })

  it('a service key and a job approve nothing', async () => {
    const { tenant, id } = await setOut(TWO)
    const keyed = Object.create(tenant.scope, {
      identity: { value: { ...tenant.scope.identity, plane: 'service', userId: 'somebody' } },
    }) as Scope
    await expect(yes(keyed, id)).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('by those whom the gate names, in the role that it names', async () => {
    const named = await setOut(NAMED)
    await expect(yes(person(named.tenant.id, 'ben'), named.id)).rejects.toMatchObject({ code: 'permission_denied' })
    await yes(person(named.tenant.id, 'ada'), named.id)
    await run(named.requester, named.id)
    const admins = await setOut(ADMIN)
    await expect(yes(person(admins.tenant.id, 'ben'), admins.id)).rejects.toMatchObject({
      details: { required_role: 'admin' },
    })
    await yes(person(admins.tenant.id, 'amy', 'admin'), admins.id)
    await run(admins.requester, admins.id)
  })

  it('binds what was looked at: another candidate, or new evidence, needs new approvals', async () => {
    const { tenant, requester, id } = await setOut(NAMED)
    const ada = person(tenant.id, 'ada')
    const first = await show(ada, id)
    await expect(yes(ada, id, { candidate_hash: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
      code: 'version_conflict',
    })
    await yes(ada, id, { candidate_hash: first.candidate_hash })
    const other = await versionOf(tenant.scope, { ...NAMED, 'SOUL.md': 'Other.' }, { environment: 'dev' })
    expect((await show(ada, id)).version_hash).toBe(first.version_hash)
    await recheckPromotion(requester, WORKSPACE, id)
    await expect(yes(ada, id)).rejects.toMatchObject({ code: 'version_conflict' })
    await expect(run(requester, id)).rejects.toMatchObject({ code: 'version_conflict' })
    await workOffPromotions()
    const second = await show(ada, id)
    expect(second).toMatchObject({
      version_hash: other.slice(0, 16),
      approvals: { given: 0, items: [{ user_id: 'ada', counts: false, why_not: expect.stringContaining('another') }] },
    })
    expect(second.candidate_hash).not.toBe(first.candidate_hash)
    await expect(run(requester, id)).rejects.toMatchObject(BLOCKED)
    await yes(ada, id)
    await run(requester, id)
    expect(await readPin(requester, WORKSPACE, 'staging')).toMatchObject({ versionHash: other })
  })

  it('counts no more once the role is gone', async () => {
    const { tenant, requester, id } = await setOut(NAMED)
    await session(tenant, 'ada', ['release_manager'], clock.now())
    await yes(person(tenant.id, 'ada'), id)
    expect((await show(requester, id)).approvals.given).toBe(1)
    await session(tenant, 'ada', ['viewer'], new Date(clock.now().getTime() + 1_000))
    expect(await show(requester, id)).toMatchObject({
      approvals: { given: 0, items: [{ counts: false, why_not: expect.stringContaining('role') }] },
    })
    await expect(run(requester, id)).rejects.toMatchObject(BLOCKED)
    const where = { tenantId: tenant.id, userId: 'ada' }
    const end = (revokeReason: string) =>
      systemWrite(({ client }) =>
        client.opsSession.updateMany({
          where,
          data: { roles: ['release_manager'], revokedAt: clock.now(), revokeReason },
        }),
      )
    await end('signed_out')
    expect((await show(requester, id)).approvals.given).toBe(1)
    await end('idp_rejected')
    expect((await show(requester, id)).approvals.given).toBe(0)
  })

  it('one no ends it; a cancelled one is over', async () => {
    const { tenant, requester, id } = await setOut(TWO)
    await approvePromotion(person(tenant.id, 'ada'), WORKSPACE, id, { decision: 'reject', comment: 'not on a Friday' })
    expect(await show(requester, id)).toMatchObject({ status: 'rejected', failure: 'not on a Friday' })
    await expect(run(requester, id, { override: WHY })).rejects.toMatchObject({ code: 'already_resolved' })
    const { promotion } = await createPromotion(requester, WORKSPACE, ROUTE)
    await cancelPromotion(requester, WORKSPACE, promotion.id, { reason: 'changed my mind' })
    await workOffPromotions()
    expect(await show(requester, promotion.id)).toMatchObject({ status: 'cancelled' })
    await expect(yes(person(tenant.id, 'ben'), promotion.id)).rejects.toMatchObject({ code: 'version_conflict' })
    await expect(cancelPromotion(requester, WORKSPACE, promotion.id, { reason: 'x' })).rejects.toMatchObject({
      code: 'already_resolved',
    })
  })

  it('what was approved is what one call then executes, on both planes', async () => {
    const { tenant, requester, id } = await setOut(NAMED)
    const body = { ...ROUTE, annotation: ANNOTATION }
    await expect(executeNow(requester, WORKSPACE, body)).rejects.toMatchObject(BLOCKED)
    const keyed = Object.create(tenant.scope, {
      identity: { value: { ...tenant.scope.identity, plane: 'service', userId: null } },
    }) as Scope
    await expect(promoteEnvironment(keyed, { workspace_id: WORKSPACE, source_env: 'dev' })).rejects.toMatchObject(
      BLOCKED,
    )
    expect(await systemDb().promotion.count({ where: { tenantId: tenant.id } })).toBe(1)
    await yes(person(tenant.id, 'ada'), id)
    expect((await promoteEnvironment(keyed, { workspace_id: WORKSPACE, source_env: 'dev' })).promotion.id).toBe(id)
  })

  it('it soaks, and evidence grows old, whatever the clock says', async () => {
    const { requester, id } = await setOut(SOAK)
    expect((await show(requester, id)).waits_for).toEqual(['soak_time'])
    await expect(run(requester, id)).rejects.toMatchObject(BLOCKED)
    clock.advance(-3 * 3_600_000)
    await expect(run(requester, id)).rejects.toMatchObject(BLOCKED)
    clock.advance(3 * 3_600_000 + 31 * 60_000)
    expect((await show(requester, id)).blocked).toBe(false)
    clock.advance(2 * 3_600_000)
    const old = await show(requester, id)
    expect(old.checks.find(({ name }) => name === 'evidence_fresh')?.status).toBe('fail')
    await expect(run(requester, id)).rejects.toMatchObject(BLOCKED)
  })

  it('is applied by itself at its time, once everything is there, and not before', async () => {
    const at = new Date(clock.now().getTime() + 3_600_000)
    const { tenant, hash, requester, id } = await setOut(NAMED, { apply_at: at.toISOString() })
    clock.advance(7_200_000)
    await workOffPromotions()
    expect(await show(requester, id)).toMatchObject({ status: 'waiting', waits_for: ['approvals'] })
    await yes(person(tenant.id, 'ada'), id)
    await workOffPromotions()
    expect(await show(requester, id)).toMatchObject({ status: 'executed', executed_by: 'system:promotion.apply' })
    expect(await readPin(requester, WORKSPACE, 'staging')).toMatchObject({ versionHash: hash })
  })

  it('is not applied where the target is locked by then, and says so', async () => {
    const at = new Date(clock.now().getTime() + 3_600_000)
    const { tenant, requester, id } = await setOut({}, { apply_at: at.toISOString() })
    await workOffPromotions()
    expect((await show(requester, id)).waits_for).toEqual(['apply_at'])
    await saveEnvironment(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', locked: true })
    clock.advance(3_700_000)
    await workOffPromotions()
    expect(await show(requester, id)).toMatchObject({ status: 'failed', failure: expect.stringContaining('locked') })
    expect(await readPin(requester, WORKSPACE, 'staging')).toBeNull()
  })

  it('a canary begins when it is executed, not when somebody asks for it', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    const stable = await versionOf(tenant.scope, {}, { environment: 'staging' })
    const next = await versionOf(tenant.scope, { 'SOUL.md': 'Next.' }, { environment: 'dev' })
    const canary = { percent: 20, users: [] }
    const { promotion } = await createPromotion(tenant.scope, WORKSPACE, { ...ROUTE, canary })
    await workOffPromotions()
    clock.advance(3_600_000)
    await run(tenant.scope, promotion.id)
    const pin = await readPin(tenant.scope, WORKSPACE, 'staging')
    expect(pin?.canary).toMatchObject({ versionHash: next, startedAt: clock.now().toISOString() })
    await rollbackPromotion(tenant.scope, WORKSPACE, promotion.id, { annotation: ANNOTATION })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({ versionHash: stable, canary: null })
  })
})

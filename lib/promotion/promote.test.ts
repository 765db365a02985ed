import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { readPin, saveEnvironment, setPin } from '@/lib/workspace'
import {
  approvePromotion,
  cancelPromotion,
  checkPromotion,
  createPromotion,
  executeNow,
  executePromotion,
  getPromotion,
  listAllPromotions,
  listPromotions,
  promoteEnvironment,
  rollbackPromotion,
  rollbackWorkspace,
} from '.'
import { promoteNow } from './execute-now'

const ANNOTATION = { key: 'release', value: 'winter' }
const WHY = { reason_code: 'hotfix', justification: 'production is down since noon' } as const
const ROUTE = { source_env: 'dev', target_env: 'staging' }
const TO_PROD = { source_env: 'dev', target_env: 'prod' }

const asked = async (scope: Scope, more: object = {}) => {
  const { promotion } = await createPromotion(scope, WORKSPACE, { ...ROUTE, ...more })
  await workOffPromotions()
  return (await getPromotion(scope, WORKSPACE, promotion.id)).promotion
}

const statusOf = (checks: readonly { name: string; status: string }[], name: string) =>
  checks.find((check) => check.name === name)?.status

const dataOf = async (tenantId: string, eventType: string) => {
  const rows = await systemDb().auditEntry.findMany({ where: { tenantId, eventType }, orderBy: { seq: 'asc' } })
  const payloads = await systemDb().auditPayload.findMany({
    where: { tenantId, seq: { in: rows.map(({ seq }) => seq) } },
  })
  const bySeq = new Map(payloads.map(({ seq, data }) => [seq, JSON.parse(data ?? '{}') as Record<string, unknown>]))
  return rows.map(({ seq }) => bySeq.get(seq) ?? {})
}

describeEachDialect('a promotion', (dialect) => {
  useKernel(dialect)

  it('to a new environment passes; the target gets the version and the whole pin set', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    const hash = await versionOf(tenant.scope, {}, { environment: 'dev', model_pin: 'openai/gpt-4o-mini' })
    const done = await executeNow(tenant.scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })
    expect(done).toMatchObject({
      status: 'ok',
      promotion: { source_env: 'dev', target_env: 'staging', version_hash: hash.slice(0, 16), override_used: false },
    })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({
      versionHash: hash,
      modelPin: 'openai/gpt-4o-mini',
    })
    const { promotion } = await getPromotion(tenant.scope, WORKSPACE, done.promotion.id)
    expect(promotion).toMatchObject({
      status: 'executed',
      evidence_hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
    const rows = await dataOf(tenant.id, 'workspace_change')
    expect(rows.at(-1)).toMatchObject({
      ...{ kind: 'promotion', action: 'executed', evidence_hash: promotion.evidence_hash, revision: 1 },
      ...{ verdict: { source_env_exists: 'pass', approvals: 'pass' }, annotation: ANNOTATION, override_used: false },
    })
    expect(rows.filter(({ action }) => action === 'checked')).toHaveLength(1)
  })

  it('keeps what it does not name', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    await versionOf(tenant.scope, {}, { environment: 'staging', model_pin: 'openai/gpt-4o' })
    const hash = await versionOf(tenant.scope, { 'SOUL.md': 'You help more.' }, { environment: 'dev' })
    await executeNow(tenant.scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({
      versionHash: hash,
      modelPin: 'openai/gpt-4o',
    })
  })

  it('says what is missing: no source, no version, a locked target', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    const alone = (await checkPromotion(tenant.scope, WORKSPACE, { source_env: 'nowhere', target_env: 'prod' })).checks
    expect(alone).toMatchObject({
      blocked: true,
      checks: [{ name: 'source_env_exists', status: 'fail', passed: false }],
    })
    expect(alone.checks).toHaveLength(1)
    const empty = (await checkPromotion(tenant.scope, WORKSPACE, ROUTE)).checks
    expect(statusOf(empty.checks, 'source_has_version')).toBe('fail')
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    const locked = (await checkPromotion(tenant.scope, WORKSPACE, TO_PROD)).checks
    expect(locked.blocked).toBe(true)
    expect(locked.checks.filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual(['target_unlocked'])
    expect(await systemDb().promotion.count({ where: { tenantId: tenant.id } })).toBe(0)
    for (const [body, message] of [
      [{ source_env: 'nowhere', target_env: 'prod' }, 'does not exist'],
      [{ source_env: 'staging' }, 'Nothing is pinned'],
      [{ source_env: 'prod' }, 'No environment follows'],
      [{ source_env: 'dev', target_env: 'prod' }, 'locked'],
    ] as const)
      await expect(promoteEnvironment(tenant.scope, { workspace_id: WORKSPACE, ...body })).rejects.toMatchObject({
        code: 'promotion_failed',
        body: { message: expect.stringContaining(message), source_env: body.source_env },
      })
    const moved = await promoteEnvironment(tenant.scope, { workspace_id: WORKSPACE, source_env: 'dev' })
    expect(moved).toMatchObject({ status: 'ok', result: { success: true, target_env: 'staging' } })
  })

  it('a lock is passed by override alone, by those who may lock; a refused override uses nothing up', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    const hash = await versionOf(tenant.scope, {}, { environment: 'dev' })
    const body = { ...TO_PROD, annotation: ANNOTATION }
    const manager = person(tenant.id, 'mia')
    const refusal = { code: 'promotion_blocked', body: { override_required: true, checks: { blocked: true } } }
    await expect(executeNow(manager, WORKSPACE, body)).rejects.toMatchObject(refusal)
    await expect(executeNow(manager, WORKSPACE, { ...body, override: WHY })).rejects.toMatchObject({
      code: 'permission_denied',
      details: { permission: 'workspace:lock' },
    })
    await expect(
      executeNow(person(tenant.id, 'olu', 'operator'), WORKSPACE, { ...body, override: WHY }),
    ).rejects.toMatchObject({ code: 'permission_denied' })
    expect(await readPin(tenant.scope, WORKSPACE, 'prod')).toBeNull()
    expect(await dataOf(tenant.id, 'ops_override_used')).toEqual([])
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(0)
    const done = await executeNow(tenant.scope, WORKSPACE, { ...body, override: WHY })
    expect(done.promotion).toMatchObject({ override_used: true, version_hash: hash.slice(0, 16) })
    expect(await readPin(tenant.scope, WORKSPACE, 'prod')).toMatchObject({ versionHash: hash })
    expect(await dataOf(tenant.id, 'ops_override_used')).toMatchObject([{ action: 'promotion.execute' }])
    // Nothing failed, so nothing is used up.
    const again = await executeNow(tenant.scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION, override: WHY })
    expect(again.promotion.override_used).toBe(false)
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(1)
  })

  it('of two at once one wins; who looked at another target is refused', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    const [a, b] = [await asked(tenant.scope), await asked(tenant.scope)]
    const tries = await Promise.allSettled(
      [a, b, a].map(({ id }) => executePromotion(tenant.scope, WORKSPACE, id, { annotation: ANNOTATION })),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason.code).toMatch(/version_conflict|already_resolved/)
    expect(await systemDb().pinChange.count({ where: { tenantId: tenant.id, environment: 'staging' } })).toBe(1)
    const c = await asked(tenant.scope)
    const other = await versionOf(tenant.scope, { 'SOUL.md': 'Somebody else.' })
    await setPin(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', version_hash: other })
    await expect(
      executePromotion(tenant.scope, WORKSPACE, c.id, { annotation: ANNOTATION, override: WHY }),
    ).rejects.toMatchObject({ code: 'version_conflict' })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({ versionHash: other })
    expect((await getPromotion(tenant.scope, WORKSPACE, c.id)).promotion.status).toBe('waiting')
  })

  it('a lock that comes between check and execute counts', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    const { id } = await asked(tenant.scope)
    await saveEnvironment(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', locked: true })
    await expect(executePromotion(tenant.scope, WORKSPACE, id, { annotation: ANNOTATION })).rejects.toMatchObject({
      code: 'promotion_blocked',
    })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toBeNull()
  })

  it('what takes longer than a request goes on by itself', async () => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    const hash = await versionOf(tenant.scope, {}, { environment: 'dev' })
    const route = { workspaceId: WORKSPACE, sourceEnv: 'dev', targetEnv: 'staging' }
    const left = await promoteNow(tenant.scope, route, { annotation: ANNOTATION }, 0)
    expect(left.status).toBe('running')
    await expect
      .poll(
        async () => {
          await workOffPromotions()
          return (await readPin(tenant.scope, WORKSPACE, 'staging'))?.versionHash
        },
        { timeout: 10_000 },
      )
      .toBe(hash)
    const { promotion } = await getPromotion(tenant.scope, WORKSPACE, left.id)
    expect(promotion).toMatchObject({ status: 'executed', executed_by: 'system:promotion.apply' })
  })

  it('belongs to its tenant and its workspace', async () => {
    const [mine, theirs] = await twoTenants()
    for (const tenant of [mine, theirs]) await threeStages(tenant.scope)
    await versionOf(mine.scope, {}, { environment: 'dev' })
    const { id } = await asked(mine.scope)
    const foreign = { code: 'not_found' }
    const body = { annotation: ANNOTATION }
    await expect(getPromotion(theirs.scope, WORKSPACE, id)).rejects.toMatchObject(foreign)
    await expect(getPromotion(mine.scope, 'default', id)).rejects.toMatchObject(foreign)
    await expect(executePromotion(theirs.scope, WORKSPACE, id, body)).rejects.toMatchObject(foreign)
    await expect(approvePromotion(theirs.scope, WORKSPACE, id, { decision: 'approve' })).rejects.toMatchObject(foreign)
    await expect(cancelPromotion(theirs.scope, WORKSPACE, id, { reason: 'no' })).rejects.toMatchObject(foreign)
    await expect(rollbackPromotion(theirs.scope, WORKSPACE, id, body)).rejects.toMatchObject(foreign)
    await expect(createPromotion(mine.scope, 'unknown', ROUTE)).rejects.toMatchObject(foreign)
    expect((await listPromotions(theirs.scope, WORKSPACE, { limit: 10, offset: 0 })).total).toBe(0)
    expect(await listPromotions(mine.scope, WORKSPACE, { limit: 10, offset: 0 })).toMatchObject({
      total: 1,
      promotions: [{ id, status: 'waiting', waits_for: [] }],
    })
    const everywhere = { limit: 10, offset: 0 }
    expect((await listAllPromotions(mine.scope, everywhere)).promotions.map((one) => one.id)).toEqual([id])
    expect((await listAllPromotions(theirs.scope, everywhere)).total).toBe(0)
    const fenced = Object.assign(Object.create(mine.scope), {
      identity: { ...mine.scope.identity, workspaceIds: ['other'] },
    }) as Scope
    expect((await listAllPromotions(fenced, everywhere)).total).toBe(0)
    await expect(getPromotion(fenced, WORKSPACE, id)).rejects.toMatchObject({ code: 'workspace_access_denied' })
    await expect(
      rollbackWorkspace(fenced, WORKSPACE, { version_hash: 'a'.repeat(16), annotation: ANNOTATION }),
    ).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})

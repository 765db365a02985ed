import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE } from '@/lib/core/testing/promotions'
import { readPin, resolveRun, saveEnvironment, setPin } from '@/lib/workspace'
import { executeNow, getPromotion, rollbackPromotion, rollbackWorkspace } from '.'

const ANNOTATION = { key: 'incident', value: 'it answers nonsense' }
const WHY = { reason_code: 'incident_response', justification: 'customers are told nonsense' } as const
const ROUTE = { source_env: 'dev', target_env: 'staging' }

const promote = async (scope: Scope, text: string, pins: object = {}) => {
  const hash = await versionOf(scope, { 'SOUL.md': text }, { environment: 'dev', ...pins })
  const { promotion } = await executeNow(scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })
  return { hash, id: promotion.id }
}

const back = (scope: Scope, id: string, more: object = {}) =>
  rollbackPromotion(scope, WORKSPACE, id, { annotation: ANNOTATION, ...more })

const staged = async (tenant: TestTenant) => readPin(tenant.scope, WORKSPACE, 'staging')

const begun = async () => {
  const tenant = await newTenant()
  await threeStages(tenant.scope)
  return tenant
}

describeEachDialect('the way back', (dialect) => {
  useKernel(dialect)

  it('one call gives the target what it had, whole, and what runs is that', async () => {
    const tenant = await begun()
    const first = await promote(tenant.scope, 'One.', { model_pin: 'openai/gpt-4o' })
    const second = await promote(tenant.scope, 'Two.', { model_pin: 'openai/gpt-4o-mini' })
    expect(await staged(tenant)).toMatchObject({ versionHash: second.hash, modelPin: 'openai/gpt-4o-mini' })
    const { promotion } = await back(tenant.scope, second.id)
    expect(promotion).toMatchObject({ status: 'rolled_back', rolled_back_by: tenant.scope.actor })
    expect(await staged(tenant)).toMatchObject({ versionHash: first.hash, modelPin: 'openai/gpt-4o', revision: 3 })
    const run = await resolveRun(tenant.scope, {
      workspaceId: WORKSPACE,
      environment: 'staging',
      userId: null,
      sessionKey: null,
    })
    expect(run.bundle.folder.texts.get('SOUL.md')).toBe('One.')
    await expect(back(tenant.scope, second.id)).rejects.toMatchObject({ code: 'already_resolved' })
    const last = await tenant.lastAudit()
    expect(last?.eventType).toBe('workspace_change')
    const payload = await systemDb().auditPayload.findFirstOrThrow({
      where: { tenantId: tenant.id, seq: last?.seq ?? 0n },
    })
    expect(JSON.parse(payload.data ?? '{}')).toMatchObject({
      ...{ kind: 'rollback', action: 'rolled_back', version_hash: first.hash.slice(0, 16), revision: 3 },
      previous_version_hash: second.hash.slice(0, 16),
    })
  })

  it('takes the first promotion back to nothing', async () => {
    const tenant = await begun()
    const { id } = await promote(tenant.scope, 'One.')
    await back(tenant.scope, id)
    expect(await staged(tenant)).toBeNull()
    const again = await promote(tenant.scope, 'Two.')
    expect(await staged(tenant)).toMatchObject({ versionHash: again.hash, revision: 3 })
  })

  it('keeps what others changed beside it, and is refused where they changed the same', async () => {
    const tenant = await begun()
    const first = await promote(tenant.scope, 'One.')
    const second = await promote(tenant.scope, 'Two.')
    const beside = {
      workspace_id: WORKSPACE,
      environment: 'staging',
      version_hash: second.hash,
      model_pin: 'openai/gpt-4o',
    }
    await setPin(tenant.scope, beside)
    await back(tenant.scope, second.id)
    expect(await staged(tenant)).toMatchObject({ versionHash: first.hash, modelPin: 'openai/gpt-4o' })

    const third = await promote(tenant.scope, 'Three.')
    const fourth = await promote(tenant.scope, 'Four.')
    await expect(back(tenant.scope, third.id)).rejects.toMatchObject({
      code: 'version_conflict',
      details: { conflicts: ['versionHash'], now: { version_hash: fourth.hash.slice(0, 16) } },
    })
    expect(await staged(tenant)).toMatchObject({ versionHash: fourth.hash })
    expect((await getPromotion(tenant.scope, WORKSPACE, third.id)).promotion.status).toBe('executed')
  })

  it('of two calls at once one goes through', async () => {
    const tenant = await begun()
    await promote(tenant.scope, 'One.')
    const { id } = await promote(tenant.scope, 'Two.')
    const tries = await Promise.allSettled([back(tenant.scope, id), back(tenant.scope, id)])
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await systemDb().pinChange.count({ where: { tenantId: tenant.id, kind: 'rollback' } })).toBe(1)
  })

  it('a lock holds against it too, but for those who may pass it with a reason', async () => {
    const tenant = await begun()
    const first = await promote(tenant.scope, 'One.')
    const { id } = await promote(tenant.scope, 'Two.')
    await saveEnvironment(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', locked: true })
    await expect(back(tenant.scope, id)).rejects.toMatchObject({ code: 'promotion_blocked' })
    const manager = person(tenant.id, 'mia')
    await expect(back(manager, id, { override: WHY })).rejects.toMatchObject({ code: 'permission_denied' })
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(0)
    await back(tenant.scope, id, { override: WHY })
    expect(await staged(tenant)).toMatchObject({ versionHash: first.hash })
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(1)
  })

  it('to a version by name: with the skills and the model that it had, and never forward', async () => {
    const tenant = await begun()
    const first = await promote(tenant.scope, 'One.', { model_pin: 'openai/gpt-4o' })
    await promote(tenant.scope, 'Two.', { model_pin: 'openai/gpt-4o-mini' })
    const never = await versionOf(tenant.scope, { 'SOUL.md': 'Never seen there.' })
    const at = { environment: 'staging', annotation: ANNOTATION }
    const done = await rollbackWorkspace(tenant.scope, WORKSPACE, { ...at, version_hash: first.hash.slice(0, 16) })
    expect(done).toMatchObject({
      status: 'ok',
      version_hash: first.hash.slice(0, 16),
      override_used: false,
      revision: 3,
    })
    expect(await staged(tenant)).toMatchObject({ versionHash: first.hash, modelPin: 'openai/gpt-4o' })
    const forward = { ...at, version_hash: never }
    await expect(rollbackWorkspace(tenant.scope, WORKSPACE, forward)).rejects.toMatchObject({
      code: 'promotion_blocked',
      body: { override_required: true },
    })
    const forced = await rollbackWorkspace(tenant.scope, WORKSPACE, { ...forward, override: WHY })
    expect(forced.override_used).toBe(true)
    await expect(
      rollbackWorkspace(tenant.scope, WORKSPACE, { ...at, version_hash: 'f'.repeat(16) }),
    ).rejects.toMatchObject({ code: 'not_found' })
    // Without an environment it is the default one of the workspace.
    const dev = await rollbackWorkspace(tenant.scope, WORKSPACE, { version_hash: first.hash, annotation: ANNOTATION })
    expect(dev.environment).toBe('dev')
  })
})

import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { readPin, setPin } from '@/lib/workspace'
import {
  approvePromotion,
  createPromotion,
  executeNow,
  executePromotion,
  getPromotion,
  recheckPromotion,
  rollbackPromotion,
  rollbackWorkspace,
} from '.'
import { promoteNow } from './execute-now'

const ANNOTATION = { key: 'release', value: 'winter' }
const ROUTE = { source_env: 'dev', target_env: 'staging' }
const WAY = { workspaceId: WORKSPACE, sourceEnv: 'dev', targetEnv: 'staging' }
const BLOCKED = { code: 'promotion_blocked' }
const GATED = { 'gates.yaml': 'environments: { staging: { approvals: { required: 1 } } }' }

const begun = async () => {
  const tenant = await newTenant()
  await threeStages(tenant.scope)
  return tenant
}

const show = async ({ scope }: TestTenant, id: string) => (await getPromotion(scope, WORKSPACE, id)).promotion

const asked = async (tenant: TestTenant, by: string) => {
  const { promotion } = await createPromotion(person(tenant.id, by), WORKSPACE, ROUTE)
  await workOffPromotions()
  return promotion.id
}

const approved = async (tenant: TestTenant) => {
  const id = await asked(tenant, 'rita')
  await approvePromotion(person(tenant.id, 'ada'), WORKSPACE, id, { decision: 'approve' })
  await executePromotion(person(tenant.id, 'rita'), WORKSPACE, id, { annotation: ANNOTATION })
  return id
}

const pinTo = (tenant: TestTenant, hash: string) =>
  setPin(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', version_hash: hash })

describeEachDialect('ways around a gate', (dialect) => {
  useKernel(dialect)

  it('whoever puts something else into a promotion has asked for it, and does not approve it', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, GATED, { environment: 'dev' })
    const id = await asked(tenant, 'rita')
    await versionOf(tenant.scope, { ...GATED, 'SOUL.md': 'Mine.' }, { environment: 'dev' })
    const ben = person(tenant.id, 'ben')
    await recheckPromotion(ben, WORKSPACE, id)
    await workOffPromotions()
    expect((await getPromotion(ben, WORKSPACE, id)).promotion.can.approve).toBe(false)
    const yes = (name: string) => approvePromotion(person(tenant.id, name), WORKSPACE, id, { decision: 'approve' })
    await expect(yes('ben')).rejects.toMatchObject({ code: 'own_request' })
    await expect(yes('rita')).rejects.toMatchObject({ code: 'own_request' })
    // Asked once more by somebody else it is still theirs.
    await recheckPromotion(person(tenant.id, 'ada'), WORKSPACE, id)
    await workOffPromotions()
    await expect(yes('ben')).rejects.toMatchObject({ code: 'own_request' })
    await yes('ada')
    expect((await show(tenant, id)).approvals.given).toBe(1)
  })

  it('what was approved by one who changes it afterwards counts no more', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, GATED, { environment: 'dev' })
    const id = await asked(tenant, 'rita')
    await approvePromotion(person(tenant.id, 'ada'), WORKSPACE, id, { decision: 'approve' })
    await recheckPromotion(person(tenant.id, 'ada'), WORKSPACE, id)
    await workOffPromotions()
    expect((await show(tenant, id)).approvals).toMatchObject({ given: 0, items: [{ counts: false }] })
    await expect(executePromotion(tenant.scope, WORKSPACE, id, { annotation: ANNOTATION })).rejects.toMatchObject(
      BLOCKED,
    )
  })

  it('a gate that was rolled away with its version holds until the next promotion', async () => {
    const tenant = await begun()
    const plain = await versionOf(tenant.scope, {}, { environment: 'staging' })
    const gated = await versionOf(tenant.scope, { ...GATED, 'SOUL.md': 'Two.' }, { environment: 'dev' })
    await approved(tenant)
    await rollbackWorkspace(tenant.scope, WORKSPACE, {
      ...{ version_hash: plain, environment: 'staging', annotation: ANNOTATION },
    })
    const mine = await versionOf(tenant.scope, { 'SOUL.md': 'Mine.' }, { environment: 'dev' })
    await expect(pinTo(tenant, mine)).rejects.toMatchObject(BLOCKED)
    await pinTo(tenant, plain)
    await expect(pinTo(tenant, mine)).rejects.toMatchObject(BLOCKED)
    await expect(executeNow(tenant.scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })).rejects.toMatchObject(
      BLOCKED,
    )
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({ versionHash: plain })
    // Going forward again to what was approved is no way around it.
    await rollbackWorkspace(tenant.scope, WORKSPACE, {
      ...{ version_hash: gated, environment: 'staging', annotation: ANNOTATION },
    })
    await approved(tenant)
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({ versionHash: mine })
    // Two people have let the gate go; from here on it is gone.
    await pinTo(tenant, plain)
  })

  it('an environment that was rolled back to nothing keeps the gate that it had', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, GATED, { environment: 'dev' })
    const id = await approved(tenant)
    await rollbackPromotion(tenant.scope, WORKSPACE, id, { annotation: ANNOTATION })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toBeNull()
    const mine = await versionOf(tenant.scope, { 'SOUL.md': 'Mine.' }, { environment: 'dev' })
    await expect(pinTo(tenant, mine)).rejects.toMatchObject(BLOCKED)
    const { approvals } = await show(tenant, await asked(tenant, 'rita'))
    expect(approvals.required).toBe(1)
  })

  it('what goes on by itself keeps the reason and the address that came with the request', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    const webhook = { url: 'https://hooks.example.com/late', secret: 'shh' }
    // Nobody waits at all, so it is left to whoever goes on.
    const { id } = await promoteNow(tenant.scope, WAY, { annotation: ANNOTATION, webhook }, 0)
    const status = async () => {
      await workOffPromotions()
      return (await show(tenant, id)).status
    }
    await expect.poll(status, { timeout: 10_000 }).toBe('executed')
    const [told] = await systemDb().webhookDelivery.findMany({ where: { tenantId: tenant.id } })
    expect(told).toMatchObject({ event: 'promotion.executed', url: webhook.url })
    const change = await systemDb().pinChange.findFirstOrThrow({ where: { tenantId: tenant.id, kind: 'promotion' } })
    expect(change.reason).toBe('release: winter')
  })
})

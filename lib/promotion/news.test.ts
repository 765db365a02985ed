import { expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { publishSkill } from '@/lib/skills'
import { readPin, saveEnvironment } from '@/lib/workspace'
import { approvePromotion, createPromotion, executeNow, executePromotion, getPromotion, rollbackPromotion } from '.'

const ANNOTATION = { key: 'release', value: 'winter' }
const ROUTE = { source_env: 'dev', target_env: 'staging' }
const HOOK = { url: 'https://hooks.example.com/one', secret: 'shh' }

const told = async ({ id }: TestTenant) =>
  (await systemDb().webhookDelivery.findMany({ where: { tenantId: id }, orderBy: { createdAt: 'asc' } })).map(
    ({ event, url, body }) => ({ event, url, body: JSON.parse(body ?? '{}') as Record<string, unknown> }),
  )
const topics = async ({ id }: TestTenant) =>
  (await systemDb().outboxEvent.findMany({ where: { tenantId: id }, orderBy: { id: 'asc' } })).map(({ topic }) => topic)

const begun = async () => {
  const tenant = await newTenant()
  await threeStages(tenant.scope)
  return tenant
}

const show = async (tenant: TestTenant, id: string) => (await getPromotion(tenant.scope, WORKSPACE, id)).promotion

describeEachDialect('the news of a promotion', (dialect) => {
  useKernel(dialect, { env: { CLASPER_PROMOTION_WEBHOOK_URL: 'https://standing.example.com/hook' } })

  it('stand in the commit of what they tell: to the standing address, to that of the request, to listeners', async () => {
    const tenant = await begun()
    const hash = await versionOf(tenant.scope, {}, { environment: 'dev' })
    const { promotion } = await createPromotion(tenant.scope, WORKSPACE, { ...ROUTE, webhook: HOOK })
    await workOffPromotions()
    expect(await told(tenant)).toEqual([])
    const row = await systemDb().promotion.findFirstOrThrow({ where: { tenantId: tenant.id } })
    expect(JSON.stringify(row)).not.toMatch(/hooks\.example\.com|shh/)
    await executePromotion(tenant.scope, WORKSPACE, promotion.id, { annotation: ANNOTATION })
    const { evidence_hash } = await show(tenant, promotion.id)
    const news = { id: promotion.id, version_hash: hash.slice(0, 16), target_env: 'staging', evidence_hash }
    expect(await told(tenant)).toMatchObject([
      { event: 'promotion.executed', body: { event: 'promotion.executed', promotion: news } },
      { event: 'promotion.executed', body: { promotion: news } },
    ])
    expect((await told(tenant)).map(({ url }) => new URL(url).host).sort()).toEqual([
      'hooks.example.com',
      'standing.example.com',
    ])
    await rollbackPromotion(tenant.scope, WORKSPACE, promotion.id, { annotation: ANNOTATION })
    expect((await told(tenant)).map(({ event }) => event).slice(2)).toEqual([
      'promotion.rolled_back',
      'promotion.rolled_back',
    ])
    expect(await topics(tenant)).toEqual(
      expect.arrayContaining(['promotion.changed', 'promotion.executed', 'promotion.rolled_back']),
    )
  })

  it('nothing is told of what was refused, and no address that could never be reached is taken', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    await saveEnvironment(tenant.scope, { workspace_id: WORKSPACE, environment: 'staging', locked: true })
    await expect(executeNow(tenant.scope, WORKSPACE, { ...ROUTE, annotation: ANNOTATION })).rejects.toMatchObject({
      code: 'promotion_blocked',
    })
    expect(await told(tenant)).toEqual([])
    expect(await topics(tenant)).not.toContain('promotion.executed')
    for (const url of ['http://127.0.0.1/x', 'http://169.254.169.254/latest'])
      await expect(createPromotion(tenant.scope, WORKSPACE, { ...ROUTE, webhook: { url } })).rejects.toMatchObject({
        code: 'invalid_request',
      })
  })

  it('keeps no secret that somebody wrote into a reason', async () => {
    const tenant = await begun()
    await versionOf(tenant.scope, {}, { environment: 'dev' })
    const text = 'mail ada@example.com <script>'
    const { promotion } = await createPromotion(tenant.scope, WORKSPACE, { ...ROUTE, note: text })
    await workOffPromotions()
    await approvePromotion(person(tenant.id, 'ada'), WORKSPACE, promotion.id, { decision: 'approve', comment: text })
    await executePromotion(tenant.scope, WORKSPACE, promotion.id, { annotation: { key: 'why', value: text } })
    const rows = await systemDb().promotion.findMany({ where: { tenantId: tenant.id }, include: { approvals: true } })
    const changes = await systemDb().pinChange.findMany({ where: { tenantId: tenant.id } })
    const payloads = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id } })
    const all = JSON.stringify([rows, changes, payloads.map(({ data }) => data)])
    expect(all).not.toContain('ada@example.com')
    expect(all).toContain('[EMAIL] <script>')
  })

  it('as a canary it runs beside what is there, and going back ends it', async () => {
    const tenant = await begun()
    const stable = await versionOf(tenant.scope, {}, { environment: 'staging', model_pin: 'openai/gpt-4o' })
    const next = await versionOf(tenant.scope, { 'SOUL.md': 'Next.' }, { environment: 'dev' })
    const canary = { percent: 20, users: ['u1'] }
    const { promotion } = await createPromotion(tenant.scope, WORKSPACE, { ...ROUTE, canary })
    await workOffPromotions()
    const { promotion: done } = await executePromotion(tenant.scope, WORKSPACE, promotion.id, {
      annotation: ANNOTATION,
    })
    expect(done).toMatchObject({ is_canary: true, version_hash: next.slice(0, 16), status: 'executed' })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({
      ...{ versionHash: stable, modelPin: 'openai/gpt-4o' },
      canary: { versionHash: next, percent: 20, users: ['u1'] },
    })
    await rollbackPromotion(tenant.scope, WORKSPACE, promotion.id, { annotation: ANNOTATION })
    expect(await readPin(tenant.scope, WORKSPACE, 'staging')).toMatchObject({ versionHash: stable, canary: null })
    const alone = { source_env: 'dev', target_env: 'elsewhere', canary }
    await expect(createPromotion(tenant.scope, WORKSPACE, alone)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('skills of the registry: deprecated ones and failed tests of exactly this content block', async () => {
    const tenant = await begun()
    const manifest = { name: 'pay', version: '1.0.0', description: 'Pays', instructions: 'Pay.' }
    await publishSkill(tenant.scope, manifest)
    const state = (name: string) =>
      systemWrite(({ client }) =>
        client.skillVersion.updateMany({ where: { tenantId: tenant.id }, data: { state: name } }),
      )
    await state('active')
    await versionOf(tenant.scope, {}, { environment: 'dev', skill_pins: { pay: '1.0.0' } })
    const asked = async () => {
      const { promotion } = await createPromotion(tenant.scope, WORKSPACE, ROUTE)
      await workOffPromotions()
      return show(tenant, promotion.id)
    }
    const statusOf = async (name: string) => (await asked()).checks.find((check) => check.name === name)?.status
    expect(await statusOf('skill_tests')).toBe('inconclusive')
    const { contentHash } = await systemDb().skillVersion.findFirstOrThrow({ where: { tenantId: tenant.id } })
    const test = (hash: string, status: string, at: Date) => ({
      ...{
        tenantId: tenant.id,
        id: `${hash}${at.getTime()}`,
        name: 'pay',
        version: '1.0.0',
        contentHash: hash,
        status,
      },
      ...{ model: 'm', mocked: true, testCount: 1, passCount: 1, failCount: 0, costMicroUsd: 0n, durationMs: 1 },
      ...{ results: [], runBy: 'x', startedAt: at, completedAt: at },
    })
    const put = (data: ReturnType<typeof test>) => systemWrite(({ client }) => client.skillTestRun.create({ data }))
    await put(test('another content', 'failed', new Date('2026-01-03T00:00:00Z')))
    await put(test(contentHash, 'passed', new Date('2026-01-01T00:00:00Z')))
    expect(await statusOf('skill_tests')).toBe('pass')
    await put(test(contentHash, 'failed', new Date('2026-01-02T00:00:00Z')))
    expect(await statusOf('skill_tests')).toBe('fail')
    await state('deprecated')
    const old = await asked()
    expect(old).toMatchObject({ blocked: true, deprecated_skills: ['pay@1.0.0'] })
    await state('draft')
    expect(await statusOf('skill_tests')).toBe('fail')
  })
})

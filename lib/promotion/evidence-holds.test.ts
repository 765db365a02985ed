import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import type { AgentTenant } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { usePromotionHouse } from '@/lib/core/testing/promotion-house'
import { versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { saveDataset } from '@/lib/evals'
import { SaveDataset } from '@/lib/evals/contract'
import { publishSkill } from '@/lib/skills'
import { readPin } from '@/lib/workspace'
import { createPromotion, executeNow, executePromotion, getPromotion, runChecks } from '.'
import type { Promotion } from './contract'

const ROUTE = { source_env: 'dev', target_env: 'staging' }
const EVALS = 'environments: { staging: { impact: { replays: 0 }, evals: [{ dataset: support, min_pass_rate: 0.5 }] } }'

const named = ({ checks }: Promotion, name: string) =>
  checks.find((check) => check.name === name) ?? expect.unreachable()

describeEachDialect('the evidence of a promotion', (dialect) => {
  const { begin } = usePromotionHouse(dialect)

  const pin = (scope: Scope, environment: string, files: Record<string, string>, more: object = {}) =>
    versionOf(scope, files, { environment, ...more })

  const show = async (scope: Scope, id: string) => (await getPromotion(scope, WORKSPACE, id)).promotion

  const asked = async (scope: Scope) => {
    const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
    await workOffPromotions()
    return show(scope, promotion.id)
  }

  const talk = async (tenant: AgentTenant, times: number) => {
    for (let i = 0; i < times; i++) {
      const place = { workspace_id: WORKSPACE, environment: 'staging' }
      expect((await tenant.json('send', tenant.say(`Is it ${i}?`, { metadata: place }))).status).toBe(200)
    }
  }

  const dataset = (scope: Scope) => {
    const cases = [1, 2, 3].map((at) => ({ id: `c${at}`, input: `Is it ${at}?`, expected_output: 'yes' }))
    return saveDataset(scope, SaveDataset.parse({ name: 'support', cases }))
  }

  const evaluations = (scope: Scope) =>
    systemDb().evalRun.findMany({ where: { tenantId: scope.tenantId }, orderBy: { createdAt: 'asc' } })

  const tracesOf = (scope: Scope, id: string | undefined) =>
    systemDb().trace.findMany({ where: { tenantId: scope.tenantId, kind: 'eval', correlationId: id ?? '' } })

  it('is not starved by a candidate that would spend nothing on it, nor loosened by what it asks of itself', async () => {
    const { tenant, scope } = await begin()
    await dataset(scope)
    const gate = 'impact: { replays: 2, max_changed_percent: 0 }, evals: [{ dataset: support }]'
    await pin(scope, 'staging', { 'gates.yaml': `environments: { staging: { ${gate} } }` })
    await talk(tenant, 2)
    const loose =
      'impact: { replays: 0, max_cost_usd: 0, max_minutes: 0.1 }, evals: [{ dataset: support, max_regressions: 99 }]'
    await pin(scope, 'dev', { 'SOUL.md': 'You say no.', 'gates.yaml': `environments: { staging: { ${loose} } }` })
    const found = await asked(scope)
    expect(named(found, 'impact_reviewed')).toMatchObject({
      status: 'fail',
      evidence: { asked: 2, replayed: 2, differs: 2 },
    })
    expect(named(found, 'eval_baseline')).toMatchObject({
      status: 'fail',
      details: expect.stringContaining('3 cases became worse, 0 may'),
    })
  })

  it('is of the skills that would run there, whatever the source is pinned to meanwhile', async () => {
    const { scope } = await begin()
    await dataset(scope)
    await pin(scope, 'staging', { 'gates.yaml': EVALS })
    for (const version of ['1.0.0', '2.0.0'])
      await publishSkill(scope, { name: 'tone', version, description: 'Speaks', instructions: `Tone ${version}.` })
    await systemWrite(({ client }) =>
      client.skillVersion.updateMany({ where: { tenantId: scope.tenantId }, data: { state: 'active' } }),
    )
    const files = { 'SOUL.md': 'You help everybody.' }
    await pin(scope, 'dev', files, { skill_pins: { tone: '2.0.0' } })
    const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
    await pin(scope, 'dev', files, { skill_pins: { tone: '1.0.0' } })
    await workOffPromotions()
    expect((await show(scope, promotion.id)).next.skill_pins).toEqual({ tone: '2.0.0' })
    const [candidate, baseline] = await evaluations(scope)
    const skills = async (id: string | undefined) =>
      (await tracesOf(scope, id)).map(({ skillVersions }) => JSON.parse(skillVersions) as object)
    expect(await skills(candidate?.id)).toEqual([{ tone: '2.0.0' }, { tone: '2.0.0' }, { tone: '2.0.0' }])
    expect(await skills(baseline?.id)).toEqual([{}, {}, {}])
  })

  it('compares the model that is to come with the one that the target has', async () => {
    const { scope } = await begin()
    await dataset(scope)
    await pin(scope, 'staging', { 'gates.yaml': EVALS })
    await pin(scope, 'dev', {}, { model_pin: 'openai/gpt-4o' })
    await asked(scope)
    expect((await evaluations(scope)).map(({ model }) => model)).toEqual(['openai/gpt-4o', 'openai/gpt-4o-mini'])
  })

  it('replays with the skills that would run there, not with those that the runs had', async () => {
    const { tenant, scope } = await begin()
    await publishSkill(scope, { name: 'tone', version: '1.0.0', description: 'Speaks', instructions: 'Be kind.' })
    await systemWrite(({ client }) =>
      client.skillVersion.updateMany({ where: { tenantId: scope.tenantId }, data: { state: 'active' } }),
    )
    await pin(scope, 'staging', { 'skills/registry.yaml': 'tone: latest' })
    await talk(tenant, 1)
    await pin(scope, 'dev', { 'SOUL.md': 'You help without it.' })
    expect(named(await asked(scope), 'impact_reviewed')).toMatchObject({ status: 'pass' })
    const skillsOf = async (origin: string) =>
      (await systemDb().trace.findMany({ where: { tenantId: scope.tenantId, origin } })).map(
        ({ skillVersions }) => JSON.parse(skillVersions) as object,
      )
    expect(await skillsOf('run')).toEqual([{ tone: '1.0.0' }])
    expect(await skillsOf('replay')).toEqual([{}])
  })

  it('is of what the target then runs: a skill that becomes the latest later waits for the next promotion', async () => {
    const { tenant, scope } = await begin()
    const active = async (version: string) => {
      await publishSkill(scope, { name: 'tone', version, description: 'Speaks', instructions: `Tone ${version}.` })
      const own = { tenantId: scope.tenantId, version }
      await systemWrite(({ client }) => client.skillVersion.updateMany({ where: own, data: { state: 'active' } }))
    }
    const promoted = async () => {
      const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
      await workOffPromotions()
      const wish = { annotation: { key: 'ticket', value: 'T-1' }, override: undefined, webhook: undefined }
      await executePromotion(scope, WORKSPACE, promotion.id, wish)
      return (await readPin(scope, WORKSPACE, 'staging'))?.skillPins
    }
    const ran = async () => {
      const place = { workspace_id: WORKSPACE, environment: 'staging' }
      const { body } = await tenant.json('send', tenant.say('Is it?', { metadata: place }))
      const row = { where: { tenantId_id: { tenantId: tenant.id, id: String(body['trace_id']) } } }
      return JSON.parse((await systemDb().trace.findUniqueOrThrow(row)).skillVersions) as object
    }
    await active('1.0.0')
    await pin(scope, 'dev', { 'skills/registry.yaml': 'tone: latest' })
    expect(await promoted()).toEqual({ tone: '1.0.0' })
    await active('2.0.0')
    expect(await ran()).toEqual({ tone: '1.0.0' })
    expect(await promoted()).toEqual({ tone: '2.0.0' })
    await pin(scope, 'dev', { 'SOUL.md': 'You need no tone.' })
    expect(await promoted()).toEqual({})
    expect(await ran()).toEqual({})
    await pin(scope, 'dev', { 'skills/registry.yaml': 'tone: latest\nabsent: latest' })
    const missing = (await createPromotion(scope, WORKSPACE, ROUTE)).promotion
    await workOffPromotions()
    expect(named(await show(scope, missing.id), 'skill_tests').details).toContain('absent@latest')
  })

  it('is not paid again by whoever goes on', async () => {
    const { scope } = await begin()
    await dataset(scope)
    await pin(scope, 'staging', { 'gates.yaml': EVALS })
    await pin(scope, 'dev', { 'SOUL.md': 'You say yes, always.' })
    const { promotion } = await createPromotion(scope, WORKSPACE, ROUTE)
    await runChecks(scope, promotion.id)
    expect(await evaluations(scope)).toHaveLength(2)
    // Killed after the evaluations, before the last check.
    const where = { tenantId: scope.tenantId, id: promotion.id }
    await systemWrite(({ client }) =>
      client.promotion.updateMany({ where, data: { status: 'checking', evidenceHash: null } }),
    )
    expect(await runChecks(scope, promotion.id)).toBe('done')
    expect(await evaluations(scope)).toHaveLength(2)
    expect((await show(scope, promotion.id)).status).toBe('waiting')
  })

  it('leaves the key of the request to the promotion', async () => {
    const { scope } = await begin()
    await dataset(scope)
    await pin(scope, 'staging', { 'gates.yaml': EVALS })
    await pin(scope, 'dev', { 'SOUL.md': 'You say yes, always.' })
    const written: unknown[] = []
    const once = { isTaken: false, write: (_: number, reply: unknown) => written.push(reply) }
    const keyed = Object.create(scope, { once: { value: once } }) as Scope
    await executeNow(keyed, WORKSPACE, { ...ROUTE, annotation: { key: 'release', value: 'winter' } })
    expect(await evaluations(scope)).toHaveLength(2)
    expect(written).toEqual([])
  })

  it('is gone on with however often a process dies', async () => {
    const { scope } = await begin()
    await pin(scope, 'dev', {})
    await createPromotion(scope, WORKSPACE, ROUTE)
    const job = await systemDb().job.findFirstOrThrow({ where: { tenantId: scope.tenantId, kind: 'promotion.check' } })
    expect(job.maxAttempts).toBeGreaterThanOrEqual(60)
  })
})

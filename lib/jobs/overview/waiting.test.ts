import { expect, it } from 'vitest'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { queueTraces } from '@/lib/evals'
import { openBreakGlass } from '@/lib/governance'
import { approvePromotion, createPromotion } from '@/lib/promotion'
import { OverviewView } from '../contract'
import { overview } from '../index'

const WAY = { source_env: 'dev', target_env: 'staging' }
const WHY = { reason_code: 'hotfix', justification: 'production is down since noon' } as const
const gates = (text: string) => ({ 'gates.yaml': `environments: { staging: ${text} }` })

describeEachDialect('what waits for one person', (dialect) => {
  useKernel(dialect)

  const asked = async (files: Record<string, string>) => {
    const tenant = await newTenant()
    await threeStages(tenant.scope)
    await versionOf(tenant.scope, files, { environment: 'dev' })
    const { promotion } = await createPromotion(person(tenant.id, 'rita'), WORKSPACE, WAY)
    await workOffPromotions()
    return { tenant, id: promotion.id }
  }

  it('a promotion waits for those whose yes counts, then for those who may execute it', async () => {
    const { tenant, id } = await asked(gates('{ approvals: { required: 1 } }'))
    const rita = person(tenant.id, 'rita')
    const ben = person(tenant.id, 'ben')
    expect((await overview(rita)).waiting.counts.promotion).toBe(0)
    expect((await overview(tenant.as('operator'))).waiting.counts).not.toHaveProperty('promotion')
    const { waiting } = OverviewView.parse(await overview(ben))
    expect(waiting).toMatchObject({
      items: [
        { kind: 'promotion', id, text: `dev → staging of ${WORKSPACE}`, detail: '0 of 1 approvals, asked for by rita' },
      ],
    })
    expect(waiting.items[0]?.href).toBe(`/ops/promotions/${id}?workspace_id=${WORKSPACE}`)
    await approvePromotion(ben, WORKSPACE, id, { decision: 'approve' })
    expect((await overview(rita)).waiting.items).toMatchObject([{ detail: 'All is there: it can be executed' }])
    expect((await overview((await newTenant()).scope)).waiting.items).toEqual([])
  })

  it('one that is blocked is a thing that is wrong, with what blocks it', async () => {
    const { tenant, id } = await asked(gates('{ prompt: { max_characters: 1 } }'))
    const view = await overview(tenant.as('viewer'))
    expect(view.headlines).toMatchObject([
      {
        level: 'attention',
        text: `dev → staging of ${WORKSPACE} is blocked`,
        href: `/ops/promotions/${id}?workspace_id=${WORKSPACE}`,
      },
    ])
    expect(view.headlines[0]?.detail).toMatch(/characters/)
    expect((await overview(person(tenant.id, 'ben'))).waiting.items).toEqual([])
  })

  it('exceptions wait for a second person, annotations for whom they were given or anybody', async () => {
    const tenant = await newTenant()
    const rita = person(tenant.id, 'rita')
    await openBreakGlass(rita, { ...WHY, permissions: ['job:manage'], minutes: 5 })
    expect((await overview(rita)).waiting.counts.exception).toBe(0)
    const ben = person(tenant.id, 'ben')
    expect((await overview(ben)).waiting).toMatchObject({
      items: [{ kind: 'exception', detail: 'job:manage' }],
      counts: { exception: 1, annotation: 0 },
    })
    const [mine, anybody, others] = [
      await recordRun(tenant.scope),
      await recordRun(tenant.scope),
      await recordRun(tenant.scope),
    ]
    await queueTraces(tenant.scope, { queue: 'odd', trace_ids: [mine], assigned_to: 'ben', reason: 'too long' })
    await queueTraces(tenant.scope, { queue: 'odd', trace_ids: [anybody] })
    await queueTraces(tenant.scope, { queue: 'odd', trace_ids: [others], assigned_to: 'rita' })
    const { waiting } = await overview(ben)
    expect(waiting.counts.annotation).toBe(2)
    expect(
      waiting.items
        .filter(({ kind }) => kind === 'annotation')
        .map(({ text }) => text)
        .sort(),
    ).toEqual(['An answer in odd', 'too long'])
    expect((await overview(tenant.as('viewer'))).waiting).toEqual({ items: [], counts: {} })
  })

  it('webhooks that were never delivered and evaluations that failed are told', async () => {
    const tenant = await newTenant()
    await recordRun(tenant.scope, { webhook: 'queued' })
    await tenant.scope.mutate({ event: 'config_change' }, (db) =>
      db.webhookDelivery.updateMany({ data: { state: 'dead' } }),
    )
    const now = tenant.scope.clock.now()
    const evaluation = (id: string, outcome: string, pass: number, baseline: string | null, at: number) =>
      systemWrite(({ client }) =>
        client.evalRun.create({
          data: {
            ...{ tenantId: tenant.id, id, status: 'completed', outcome, datasetName: outcome, workspaceId: 'default' },
            ...{ model: 'm', options: {}, scorers: [], repeats: 1, caseCount: 4, doneCount: 4, passCount: pass },
            ...{ failCount: 4 - pass, errorCount: 0, inconclusiveCount: 0, costMicroUsd: 0n, startedBy: 'x' },
            ...{ createdAt: new Date(now.getTime() - at), baselineId: baseline },
          },
        }),
      )
    await evaluation('base', 'passed', 4, null, 9_000)
    await evaluation('worse', 'passed', 3, 'base', 8_000)
    await evaluation('old', 'failed', 0, null, 7_000)
    await evaluation('bad', 'failed', 1, null, 6_000)
    const told = (await overview(tenant.scope)).headlines.map(({ text, detail, href }) => [text, detail, href])
    expect(told).toContainEqual(['1 webhook was never delivered', null, '/ops/webhooks?state=dead'])
    expect(told).toContainEqual([
      'The last evaluation of failed failed',
      '1 of 4 cases passed, default',
      '/ops/evals/bad',
    ])
    expect(told).toContainEqual([
      ...['passed became worse than its baseline', '3 of 4 passed, 4 of 4 before'],
      '/ops/evals/compare?baseline_id=base&id=worse',
    ])
    const viewer = (await overview(tenant.as('viewer'))).headlines.map(({ text }) => text).join()
    expect(viewer).toContain('evaluation')
    expect(viewer).not.toContain('webhook')
  })
})

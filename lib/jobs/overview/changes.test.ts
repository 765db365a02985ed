import { expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { threeStages, versionOf, WORKSPACE } from '@/lib/core/testing/promotions'
import { createPolicy, setBudget } from '@/lib/governance'
import { BudgetChange, PolicyDocument } from '@/lib/governance/contract'
import { executeNow } from '@/lib/promotion'
import { OverviewView } from '../contract'
import { overview } from '../index'

const START = dateOf('2026-03-10T12:20:00.000Z')
const clock = fixedClock(START)
const ANNOTATION = { key: 'release', value: 'winter' }

describeEachDialect('what changed, on the overview', (dialect) => {
  useKernel(dialect, { clock })

  it('tells releases to everybody and rules to those who may see them, each with its evidence', async () => {
    const tenant = await newTenant()
    const { scope } = tenant
    await threeStages(scope)
    const hash = await versionOf(scope, {}, { environment: 'dev' })
    const { promotion } = await executeNow(scope, WORKSPACE, {
      ...{ source_env: 'dev', target_env: 'staging', annotation: ANNOTATION },
    })
    await setBudget(scope, BudgetChange.parse({ budget_usd: 5 }))
    const effect = { decision: 'allow' }
    await createPolicy(scope, PolicyDocument.parse({ policy_id: 'calm', subject: { type: 'tool' }, effect }))
    const view = await overview(scope)
    expect(OverviewView.parse(view)).toEqual(view)
    const told = view.changes.map(({ kind, text }) => `${kind}: ${text}`)
    expect(told).toContain('budget: The budget of the whole tenant was made')
    expect(told).toContain('policy: Policy calm was made')
    expect(told).toContain(`promotion: staging runs ${hash.slice(0, 8)}, promoted from dev`)
    expect(told).toContain(`pin: dev is pinned to ${hash.slice(0, 8)}`)
    expect(told).toContain(`version: ${hash.slice(0, 8)} of ${WORKSPACE} was saved`)
    expect(view.changes.map(({ seq }) => seq)).toEqual(view.changes.map(({ seq }) => seq).sort((a, b) => b - a))
    const live = view.changes.find(({ kind }) => kind === 'promotion')
    expect(live).toMatchObject({
      href: `/ops/promotions/${promotion.id}?workspace_id=${WORKSPACE}`,
      audit_href: `/ops/audit?peek=${live?.seq}`,
      workspace_id: WORKSPACE,
    })
    const viewer = await overview(tenant.as('viewer'))
    expect(viewer.changes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['promotion', 'pin', 'version']))
    expect(viewer.changes.map(({ kind }) => kind)).not.toContain('budget')
    expect(viewer.changes.map(({ audit_href }) => audit_href)).toEqual(viewer.changes.map(() => null))
    expect((await overview((await newTenant()).scope)).changes).toEqual([])
  })

  it('forgets what is older, but not where a week is asked for', async () => {
    const tenant = await newTenant()
    clock.set(dateOf(START.getTime() - 30 * 3_600_000))
    await setBudget(tenant.scope, BudgetChange.parse({ budget_usd: 5 }))
    clock.set(START)
    expect((await overview(tenant.scope)).changes).toEqual([])
    expect((await overview(tenant.scope, { days: '7' })).changes).toMatchObject([{ kind: 'budget' }])
  })

  it('of very many it tells the newest and says that there were more', async () => {
    const tenant = await newTenant()
    for (let i = 0; i < 201; i++)
      await tenant.scope.mutate(
        { event: 'config_change', entityId: `w/e${i}`, data: { kind: 'environment', environment: `e${i}` } },
        async () => undefined,
      )
    const view = await overview(tenant.scope)
    expect(view).toMatchObject({ changes_capped: true })
    expect(view.changes[0]).toMatchObject({ text: 'e200 changed' })
    expect(view.changes).toHaveLength(200)
  }, 60_000)
})

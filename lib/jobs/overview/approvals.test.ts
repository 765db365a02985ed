import { expect, it } from 'vitest'
import { approver, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { resolveDecision } from '@/lib/governance'
import { OverviewView } from '../contract'
import { overview } from '../index'

describeEachDialect('approvals on the overview', (dialect) => {
  useKernel(dialect)

  it('are counted for those who may decide, and named for those who may decide them', async () => {
    const [a, b] = await twoTenants()
    await pendingDecision(b.scope)
    const boss = approver(a.id)
    expect(await overview(boss)).toMatchObject({ approvals: { pending: 0 }, waiting: { items: [] } })
    const first = await pendingDecision(a.scope)
    await pendingDecision(a.scope, { requestedBy: boss.actor })
    const view = await overview(boss)
    expect(OverviewView.parse(view)).toEqual(view)
    expect(view.approvals).toEqual({ pending: 2 })
    expect(view.waiting.counts.approval).toBe(1)
    expect(view.waiting.items).toMatchObject([
      { kind: 'approval', id: first, text: 'refund_create', href: `/ops/approvals?peek=${first}` },
    ])
    await resolveDecision(boss, first, YES)
    expect(await overview(boss)).toMatchObject({
      approvals: { pending: 1 },
      waiting: { items: [], counts: { approval: 0 } },
    })
    const reader = await overview(a.as('operator'))
    expect(reader.approvals).toBeNull()
    expect(reader.waiting.counts).not.toHaveProperty('approval')
    expect(JSON.stringify(reader)).not.toContain('/ops/approvals')
  })
})

import { expect, it } from 'vitest'
import { approver, pendingDecision, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { resolveDecision } from '@/lib/governance'
import { OverviewView } from './contract'
import { overview } from './index'

describeEachDialect('approvals on the overview', (dialect) => {
  useKernel(dialect)

  it('are counted for those who may decide, and told first', async () => {
    const [a, b] = await twoTenants()
    await pendingDecision(b.scope)
    const boss = approver(a.id)
    expect((await overview(boss)).approvals).toEqual({ pending: 0 })
    const first = await pendingDecision(a.scope)
    await pendingDecision(a.scope)
    const view = await overview(boss)
    expect(OverviewView.parse(view).approvals).toEqual({ pending: 2 })
    expect(view.headlines[0]).toEqual({
      level: 'attention',
      text: '2 actions wait for an approval',
      href: '/ops/approvals',
    })
    await resolveDecision(boss, first, YES)
    expect((await overview(boss)).headlines[0]?.text).toBe('1 action waits for an approval')
    const reader = await overview(a.as('operator'))
    expect(reader.approvals).toBeNull()
    expect(reader.headlines.map(({ href }) => href)).not.toContain('/ops/approvals')
  })
})

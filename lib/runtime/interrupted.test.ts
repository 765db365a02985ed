import { beforeEach, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { overdueRuns } from '@/lib/jobs/store-runs'
import { endInterrupted } from './interrupted'

describeEachDialect('a run whose server died', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  // A run as it stands between its first commit and its second.
  const left = async () => {
    const tenant = house.tenant()
    const now = kernel().clock.now()
    await systemWrite(({ client }) =>
      client.budget.create({
        data: { tenantId: tenant.id, id: 'tenant', limitMicroUsd: 10n ** 9n, createdAt: now, updatedAt: now },
      }),
    )
    const { body } = await tenant.json('send', tenant.say('Hello'))
    const id = String(body['trace_id'])
    const past = dateOf(now.getTime() - 60_000)
    await systemWrite(async ({ client }) => {
      await client.trace.updateMany({ where: { tenantId: tenant.id }, data: { status: 'running', leaseUntil: past } })
      const [line] = await client.ledgerEntry.findMany({ where: { tenantId: tenant.id } })
      await client.ledgerEntry.updateMany({
        where: { tenantId: tenant.id },
        data: { state: 'reserved', costMicroUsd: 0n },
      })
      await client.budget.updateMany({
        where: { tenantId: tenant.id },
        data: { spentMicroUsd: 0n, reservedMicroUsd: line?.reservedMicroUsd ?? 0n },
      })
    })
    return { tenant, id }
  }

  it('is ended once, and what was held counts as spent, marked as a guess', async () => {
    const { tenant, id } = await left()
    expect(await overdueRuns(kernel().clock.now())).toContainEqual({ tenantId: tenant.id, id })
    const scope = scopeOf(identityOf(tenant.id))
    const ended = await Promise.all([endInterrupted(scope, id), endInterrupted(scope, id)])
    expect(ended.filter(Boolean)).toHaveLength(1)
    expect(await tenant.trace(id)).toMatchObject({ status: 'error', error_code: 'interrupted' })
    const [line] = await tenant.ledger()
    expect(line).toMatchObject({ state: 'expired', isEstimated: true, costMicroUsd: line?.reservedMicroUsd })
    const budget = await systemDb().budget.findFirstOrThrow({ where: { tenantId: tenant.id } })
    expect(budget.reservedMicroUsd).toBe(0n)
    expect(budget.spentMicroUsd).toBe(line?.reservedMicroUsd)
    expect((await tenant.audits()).filter((event) => event === 'agent_execution_failed')).toHaveLength(1)
  })

  it('of another tenant is none of ours', async () => {
    const { id } = await left()
    expect(await endInterrupted(scopeOf(identityOf(house.tenant().id)), id)).toBe(false)
  })
})

import { beforeAll, beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { guardRefunds, refund, refundsOf, workOff } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { askBackend } from './ask-backend'

describeEachDialect('a backend whose people decide about tools', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeAll(() => guardRefunds(house.workspace))
  beforeEach(() => house.provider.reset())

  const waiting = async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'I pay.', toolCalls: [refund('pay')] }, { text: 'It is done.' })
    const { body } = await tenant.json('send', tenant.say('Refund'))
    const id = String(body['decision_id'])
    const scope = scopeOf(identityOf(tenant.id, 'admin', { plane: 'job', userId: null, actor: 'system:ask-backend' }))
    const decide = (status: string, by: string) =>
      house.backend.store.run(
        'UPDATE tool_requests SET status = ?, decided_by = ?, reason = ? WHERE tenant_id = ?',
        ...[status, by, 'It is in order with us', tenant.id],
      )
    const row = () => systemDb().decision.findFirstOrThrow({ where: { id } })
    const requests = () => house.backend.store.all('SELECT * FROM tool_requests WHERE tenant_id = ?', tenant.id)
    return { tenant, id, ask: () => askBackend(scope, id), decide, row, requests }
  }

  it('is asked once, redacted, and its approval counts', async () => {
    const { tenant, ask, decide, row, requests } = await waiting()
    await ask()
    await ask()
    expect(requests()).toMatchObject([{ title: 'Approve refund_create', status: 'pending' }])
    expect((await row()).status).toBe('pending')
    decide('approved', 'boss')
    await ask()
    expect(await row()).toMatchObject({ status: 'approved', resolvedBy: 'backend:boss', resolvedById: 'boss' })
    await workOff()
    expect(refundsOf(house, tenant)).toHaveLength(1)
  })

  it('cannot approve for whom the agent speaks; it can refuse', async () => {
    const own = await waiting()
    await own.ask()
    own.decide('approved', 'u1')
    await own.ask()
    expect((await own.row()).status).toBe('pending')
    own.decide('denied', 'u1')
    await own.ask()
    expect((await own.row()).status).toBe('denied')
    await workOff()
    expect(refundsOf(house, own.tenant)).toEqual([])
  })
})

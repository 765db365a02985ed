import { beforeAll, beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { approver, guardRefunds, NO, refund, refundsOf, workOff, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { resolveDecision } from '@/lib/governance'

describeEachDialect('a run that needs an approval', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeAll(() => guardRefunds(house.workspace))
  beforeEach(() => house.provider.reset())

  const lookup = { id: 'look', name: 'order_lookup', arguments: { order_id: '1042' } }
  const paused = async (tenant: AgentTenant, more: object = {}) => {
    house.provider.script({ text: 'I look and pay.', toolCalls: [lookup, refund('pay')] }, { text: 'It is done.' })
    return tenant.json('send', tenant.say('Refund order 1042', more))
  }
  const rowOf = (traceId: string) => systemDb().trace.findFirstOrThrow({ where: { id: traceId } })

  it('stands still in one commit: the other calls are done, nothing is held, and the caller knows what for', async () => {
    const tenant = house.tenant()
    const { status, body } = await paused(tenant)
    expect(status).toBe(202)
    expect(body).toMatchObject({
      status: 'pending_approval',
      stop_reason: 'approval_required',
      response: 'I look and pay.',
      required_role: 'release_manager',
      delivery: 'none',
    })
    const traceId = String(body['trace_id'])
    expect(await rowOf(traceId)).toMatchObject({ status: 'paused', stopReason: 'approval_required', toolCallCount: 2 })
    expect(refundsOf(house, tenant)).toEqual([])
    expect((await tenant.ledger()).map(({ state }) => state)).toEqual(['settled'])
    expect(tenant.messages()).toEqual([])
    const [decision] = await systemDb().decision.findMany({ where: { traceId, decision: 'require_approval' } })
    expect(decision).toMatchObject({ id: body['decision_id'], status: 'pending', tool: 'refund_create' })
    expect(await tenant.audits()).toContain('policy_decision_pending')
    expect(await tenant.audits()).not.toContain('agent_execution_completed')
    const [kept] = await systemDb().pausedRun.findMany({ where: { traceId } })
    expect(JSON.stringify(kept?.state)).not.toContain('arrived broken')
  })

  it('goes on when it is approved, and does the call once', async () => {
    const tenant = house.tenant()
    const { body } = await paused(tenant)
    const traceId = String(body['trace_id'])
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([{ amount_cents: 500, reason: 'It arrived broken' }])
    expect(await rowOf(traceId)).toMatchObject({ status: 'success', stopReason: 'completed', delivery: 'posted' })
    expect(tenant.messages()).toMatchObject([{ content: 'It is done.' }])
    const trace = await tenant.trace(traceId)
    expect(trace['integrity']).toMatchObject({ status: 'verified' })
    expect(await systemDb().pausedRun.count({ where: { traceId } })).toBe(0)
    const audits = await tenant.audits()
    const inOrder = ['policy_decision_pending', 'policy_decision_resolved', 'approval_grant_created']
    expect(audits.filter((event) => inOrder.includes(event))).toEqual(inOrder)
    expect(audits.indexOf('approval_grant_consumed')).toBeLessThan(audits.lastIndexOf('tool_call_succeeded'))
    const spent = (await tenant.ledger()).reduce((sum, line) => sum + Number(line.costMicroUsd), 0)
    expect(Number((await rowOf(traceId)).costMicroUsd)).toBe(spent)
    const last = JSON.stringify(house.provider.requests().at(-1)?.body)
    expect(last).toContain('refund_id')
  })

  it('tells the model that a person refused, and comes to its end', async () => {
    const tenant = house.tenant()
    const { body } = await paused(tenant)
    await resolveDecision(approver(tenant.id), String(body['decision_id']), NO)
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([])
    expect(await rowOf(String(body['trace_id']))).toMatchObject({ status: 'success' })
    expect(JSON.stringify(house.provider.requests().at(-1)?.body)).toContain('a person refused it')
  })

  it('waits for all of them, and pauses again where more is needed', async () => {
    const tenant = house.tenant()
    house.provider.script(
      { text: 'Two.', toolCalls: [refund('a', 1), refund('b', 2)] },
      { text: 'One more.', toolCalls: [refund('a', 3)] },
      { text: 'All three.' },
    )
    const { body } = await tenant.json('send', tenant.say('Refund'))
    const [one, two] = body['decision_ids'] as string[]
    await resolveDecision(approver(tenant.id), String(two), YES)
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([])
    await resolveDecision(approver(tenant.id), String(one), YES)
    await workOff()
    expect(
      refundsOf(house, tenant)
        .map((row) => row['amount_cents'])
        .sort(),
    ).toEqual([100, 200])
    const traceId = String(body['trace_id'])
    expect(await rowOf(traceId)).toMatchObject({ status: 'paused', toolCallCount: 3 })
    const third = await systemDb().decision.findFirstOrThrow({ where: { traceId, status: 'pending' } })
    await resolveDecision(approver(tenant.id), third.id, YES)
    await workOff()
    expect(refundsOf(house, tenant)).toHaveLength(3)
    expect(await rowOf(traceId)).toMatchObject({ status: 'success', stepCount: expect.any(Number) })
    expect((await tenant.trace(traceId))['integrity']).toMatchObject({ status: 'verified' })
  })

  it('gives a repetition of the call the answer of the moment', async () => {
    const tenant = house.tenant()
    const key = { idempotency_key: 'k-1' }
    const first = await paused(tenant, key)
    const again = await tenant.json('send', tenant.say('Refund order 1042', key))
    expect([again.status, again.body['decision_id']]).toEqual([202, first.body['decision_id']])
    await resolveDecision(approver(tenant.id), String(first.body['decision_id']), YES)
    await workOff()
    const later = await tenant.json('send', tenant.say('Refund order 1042', key))
    expect(later).toMatchObject({ status: 200, body: { status: 'ok', response: 'It is done.' } })
    expect(refundsOf(house, tenant)).toHaveLength(1)
  })

  it('tells a stream what it waits for, and ends it', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'I pay.', toolCalls: [refund('pay')] }, { text: 'Paid.' })
    const reply = await tenant.call('stream', tenant.say('Refund'))
    const text = await reply.text()
    const types = [...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)
    expect(types.slice(-2)).toEqual(['approval_required', 'done'])
    expect(text).toContain('"stop_reason":"approval_required"')
    const done = JSON.parse(
      text
        .split('\n')
        .findLast((line) => line.startsWith('data: '))
        ?.slice(6) ?? '',
    )
    await resolveDecision(approver(tenant.id), done.decision_id, YES)
    await workOff()
    expect(refundsOf(house, tenant)).toHaveLength(1)
  })
})

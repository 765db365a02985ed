import { beforeAll, beforeEach, expect, it } from 'vitest'
import { dateOf, fixedClock, systemClock } from '@/lib/core/clock'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { approver, guardRefunds, refund, refundsOf, workOff, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf } from '@/lib/core/testing/kernel'
import { resolveDecision } from '@/lib/governance'
import { isProblem } from '@/lib/shared/problem'
import { cancelRun } from './cancel-run'
import { endInterrupted } from './interrupted'
import { reconcileRuns } from './reconcile-runs'
import { resumeRun } from './resume-run'
import { revealDecision } from './reveal-decision'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (isProblem(error) ? error.code : String(error)),
  )

const WHY = { reason_code: 'incident_response', justification: 'The mask hides who is paid' } as const

describeEachDialect('a run that waits, and how else it may go on or end', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeAll(() => guardRefunds(house.workspace))
  beforeEach(() => house.provider.reset())

  const paused = async (tenant: AgentTenant, more: object = {}) => {
    house.provider.script({ text: 'I pay.', toolCalls: [refund('pay')] }, { text: 'It is done.' })
    const { body } = await tenant.json('send', tenant.say('Refund', more))
    return { traceId: String(body['trace_id']), decisionId: String(body['decision_id']) }
  }
  const rowOf = (id: string) => systemDb().trace.findFirstOrThrow({ where: { id } })
  const job = (tenantId: string) => scopeOf(identityOf(tenantId, 'admin', { plane: 'job', userId: null }))
  const later = async (ms: number, work: () => Promise<void>) => {
    const before = kernel()
    const clock = fixedClock(dateOf(systemClock.now().getTime() + ms))
    installKernel(createKernel({ env: before.env, clock, log: createLog('silent') }))
    try {
      await work()
    } finally {
      await kernel().stop()
      installKernel(before)
    }
  }

  it('nobody decides: the model is told, and the run comes to its end', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    await later(3_700_000, async () => {
      expect(await reconcileRuns(job(tenant.id))).toMatchObject({ resolved_decision_ids: [decisionId] })
      await workOff()
    })
    expect(await rowOf(traceId)).toMatchObject({ status: 'success' })
    expect(refundsOf(house, tenant)).toEqual([])
    expect(JSON.stringify(house.provider.requests().at(-1)?.body)).toContain('nobody approved it in time')
  })

  it('an approval that comes to be used too late is none', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    await resolveDecision(approver(tenant.id), decisionId, YES)
    await later(3_600_000 + 700_000, async () => {
      await workOff()
    })
    expect(refundsOf(house, tenant)).toEqual([])
    expect(await rowOf(traceId)).toMatchObject({ status: 'success' })
  })

  it('a run whose jobs were all given up is taken up again, and ended when its last hour is over', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    await resolveDecision(approver(tenant.id), decisionId, YES)
    await systemWrite(({ client }) => client.job.deleteMany({ where: { kind: 'resume-run' } }))
    await later(120_000, async () => {
      expect(await reconcileRuns(job(tenant.id))).toMatchObject({ resumed_count: 1 })
    })
    const other = await paused(house.tenant())
    expect(other.traceId).not.toBe(traceId)
    await later(2 * 3_600_000 + 60_000, async () => {
      await systemWrite(({ client }) => client.job.deleteMany({ where: { kind: 'resume-run' } }))
      await reconcileRuns(job(tenant.id))
    })
    expect(await rowOf(traceId)).toMatchObject({ status: 'error', errorCode: 'approval_expired' })
    expect(await systemDb().pausedRun.count({ where: { traceId } })).toBe(0)
  })

  it('what was kept of a run that is over is removed by itself', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    const row = await systemDb().pausedRun.findFirstOrThrow({ where: { traceId } })
    await resolveDecision(approver(tenant.id), decisionId, YES)
    await workOff()
    expect(await rowOf(traceId)).toMatchObject({ status: 'success' })
    await systemWrite(({ client }) => client.pausedRun.create({ data: { ...row, state: row.state as object } }))
    const still = await paused(tenant)
    await later(2 * 3_600_000 + 60_000, async () => {
      await reconcileRuns(job(tenant.id))
      expect(await systemDb().pausedRun.count({ where: { traceId } })).toBe(0)
    })
    expect(await rowOf(traceId)).toMatchObject({ status: 'success' })
    expect(await rowOf(still.traceId)).not.toMatchObject({ status: 'success' })
  })

  it('is cancelled: nothing can be approved any more, and nothing is done', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant, { idempotency_key: 'k' })
    const [stranger, boss] = [await newTenant(), scopeOf(identityOf(tenant.id, 'operator'))]
    expect(await codeOf(cancelRun(stranger.scope, traceId))).toBe('not_found')
    expect(await cancelRun(boss, traceId)).toEqual({ status: 'ok', trace_id: traceId })
    expect(await codeOf(cancelRun(boss, traceId))).toBe('version_conflict')
    expect(await rowOf(traceId)).toMatchObject({ status: 'cancelled', errorCode: 'cancelled' })
    expect(await codeOf(resolveDecision(approver(tenant.id), decisionId, YES))).toBe('already_resolved')
    await workOff()
    expect(refundsOf(house, tenant)).toEqual([])
    expect(await tenant.audits()).toContain('agent_execution_failed')
    const again = await tenant.json('send', tenant.say('Refund', { idempotency_key: 'k' }))
    expect([again.status, again.body['code']]).toEqual([499, 'cancelled'])
    expect((await tenant.trace(traceId))['integrity']).toMatchObject({ status: 'verified' })
  })

  it('goes on with the version of the workspace that it began with', async () => {
    const tenant = house.tenant()
    const { decisionId } = await paused(tenant)
    const { writeFileSync, rmSync } = await import('node:fs')
    const file = `${house.workspace}/AGENTS.md`
    const { readFileSync } = await import('node:fs')
    const before = readFileSync(file, 'utf8')
    try {
      writeFileSync(file, 'Somebody changed all this.')
      rmSync(`${house.workspace}/skills/refunds`, { recursive: true })
      await resolveDecision(approver(tenant.id), decisionId, YES)
      await workOff()
    } finally {
      writeFileSync(file, before)
      guardRefunds(house.workspace)
    }
    expect(refundsOf(house, tenant)).toHaveLength(1)
    expect(JSON.stringify(house.provider.requests().at(-1)?.body)).not.toContain('Somebody changed all this')
  })

  it('many jobs for one run: one goes on with it', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    await resolveDecision(approver(tenant.id), decisionId, YES)
    const tries = Array.from({ length: 20 }, (_, n) => resumeRun(job(tenant.id), traceId, `job-${n}:1`))
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1)
    expect(refundsOf(house, tenant)).toHaveLength(1)
    expect(await resumeRun(job(tenant.id), traceId, 'job:2')).toBe('gone')
  })

  it('a server that leaves in the middle ends nothing', async () => {
    const tenant = house.tenant()
    const { traceId, decisionId } = await paused(tenant)
    await resolveDecision(approver(tenant.id), decisionId, YES)
    const leaving = new AbortController()
    house.provider.reset()
    house.provider.answer(() => {
      leaving.abort(new Error('The server is leaving'))
      return { text: 'Too late.', delayMs: 5_000 }
    })
    const scope = Object.assign(Object.create(job(tenant.id)), { signal: leaving.signal })
    expect(await codeOf(resumeRun(scope, traceId, 'job:1'))).toBe('shutting_down')
    expect(await endInterrupted(job(tenant.id), traceId)).toBe(false)
    expect(await rowOf(traceId)).toMatchObject({ status: 'running' })
    house.provider.reset()
    expect(await resumeRun(job(tenant.id), traceId, 'job:2')).toBe('done')
    expect(await rowOf(traceId)).toMatchObject({ status: 'success' })
    expect(refundsOf(house, tenant)).toHaveLength(1)
    const ledger = await tenant.ledger()
    expect(ledger.filter(({ state }) => state === 'reserved')).toEqual([])
    const spent = ledger.reduce((sum, line) => sum + Number(line.costMicroUsd), 0)
    expect(Number((await rowOf(traceId)).costMicroUsd)).toBe(spent)
  })

  it('shows the exact arguments for a reason, while they are held', async () => {
    const tenant = house.tenant()
    const mail = { ...refund('pay'), arguments: { order_id: '1042', amount_usd: 1, reason: 'kim@example.com says so' } }
    house.provider.script({ text: 'I pay.', toolCalls: [mail] }, { text: 'Done.' })
    const { body } = await tenant.json('send', tenant.say('Refund'))
    const id = String(body['decision_id'])
    const admin = approver(tenant.id, 'admin')
    expect(await revealDecision(admin, id, WHY)).toMatchObject({ arguments: { reason: 'kim@example.com says so' } })
    const receipts = await systemDb().receipt.findMany({ where: { tenantId: tenant.id } })
    expect(receipts).toMatchObject([{ kind: 'reveal', reasonCode: 'incident_response' }])
    expect(await tenant.audits()).toContain('trace_revealed')
    expect(await codeOf(revealDecision((await newTenant()).scope, id, WHY))).toBe('not_found')
    await resolveDecision(admin, id, YES)
    await workOff()
    expect(await codeOf(revealDecision(admin, id, WHY))).toBe('not_found')
  })
})

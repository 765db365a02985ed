import { beforeEach, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { evaluator } from '@/lib/core/testing/evaluator'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { setBudget } from '@/lib/governance'
import { jobScope } from '@/lib/jobs/job-scope'
import { JOBS } from '@/lib/jobs/registry'
import { takeLease } from './lease'
import { EVAL_JOB } from './start-run'
import { workRun } from './work-run'

type Json = Record<string, unknown>

const cases = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `c${at}`, input: `Number ${at}?`, expected_output: 'yes' }))
const dataset = (count: number) => ({ name: 'many', cases: cases(count) })
const GO_ON = () => new AbortController().signal

describeEachDialect('an evaluation that is interrupted', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer(() => ({ text: 'yes' }))
  })

  const until = async (isDone: () => boolean | Promise<boolean>) => {
    const deadline = performance.now() + 20_000
    while (!(await isDone())) {
      if (performance.now() > deadline) throw new Error('It did not come to that in time')
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const scopeFor = (tenant: AgentTenant) => jobScope(EVAL_JOB, tenant.id)
  const begin = async (tenant: AgentTenant, count: number, options: object = {}) => {
    const { status, body } = await evaluator(tenant).run({ dataset: dataset(count), options, wait: false })
    expect(body).toMatchObject({ status: 'running', state: 'queued' })
    expect(status).toBe(202)
    return String(body['id'])
  }
  const doneOf = (tenant: AgentTenant, id: string) =>
    systemDb().evalResult.count({ where: { tenantId: tenant.id, runId: id, status: 'passed' } })
  const traces = (tenant: AgentTenant) => systemDb().trace.count({ where: { tenantId: tenant.id, kind: 'eval' } })
  const lapse = (tenant: AgentTenant, id: string) =>
    systemWrite(({ client }) =>
      client.evalRun.updateMany({
        where: { tenantId: tenant.id, id },
        data: { leaseUntil: dateOf(kernel().clock.now().getTime() - 1_000) },
      }),
    )

  it('is answered as running at once where nobody wants to wait, and a job goes on with it', async () => {
    const tenant = house.tenant()
    const id = await begin(tenant, 3)
    const [job] = await systemDb().job.findMany({ where: { tenantId: tenant.id, kind: EVAL_JOB } })
    expect(job).toMatchObject({ status: 'queued', payload: { eval_id: id } })
    const definition = JOBS.find(({ kind }) => kind === EVAL_JOB)
    const context = { id: job?.id ?? '', attempt: 1, signal: GO_ON() }
    await definition?.start(scopeFor(tenant), job?.payload, {
      ...context,
      finish: () => Promise.reject(),
      inTenant: () => scopeFor(tenant),
    })
    expect((await evaluator(tenant).get(id)).body).toMatchObject({ status: 'passed', state: 'completed' })
    // Started by who asked, ended by the job in his name.
    const rows = await systemDb().auditEntry.findMany({ where: { tenantId: tenant.id, eventType: 'eval_run' } })
    expect(rows).toHaveLength(2)
  })

  it('goes on where it was left, each case once', async () => {
    const tenant = house.tenant()
    const id = await begin(tenant, 8, { parallel: 2 })
    const stop = new AbortController()
    const state = { asked: 0 }
    house.provider.answer(() => {
      if (++state.asked === 3) stop.abort()
      return { text: 'yes' }
    })
    expect(await workRun(scopeFor(tenant), id, stop.signal)).toBe('left')
    const done = await doneOf(tenant, id)
    expect(done).toBeGreaterThanOrEqual(3)
    expect(done).toBeLessThan(8)
    expect((await evaluator(tenant).get(id)).body).toMatchObject({ status: 'running', summary: { pending: 8 - done } })
    expect((await evaluator(tenant).ask('list')).body['results']).toMatchObject([
      { status: 'running', done_count: done },
    ])
    expect(await workRun(scopeFor(tenant), id, GO_ON())).toBe('done')
    expect(await workRun(scopeFor(tenant), id, GO_ON())).toBe('done')
    expect(await traces(tenant)).toBe(8)
    expect((await tenant.ledger()).length).toBe(8)
    expect((await evaluator(tenant).get(id)).body).toMatchObject({ status: 'passed', summary: { passed: 8 } })
  })

  it('is held by one: a second one that works on it finds it busy until the lease runs out', async () => {
    const tenant = house.tenant()
    const id = await begin(tenant, 2)
    const lease = await takeLease(scopeFor(tenant), id)
    expect(lease).not.toBeNull()
    expect(await workRun(scopeFor(tenant), id, GO_ON())).toBe('busy')
    await lapse(tenant, id)
    expect(await workRun(scopeFor(tenant), id, GO_ON())).toBe('done')
    expect(await lease?.renew()).toBe(false)
    expect(await lease?.end(() => [])).toBe(true)
    expect(await traces(tenant)).toBe(2)
  })

  it('two at once, and every case is done once', async () => {
    const tenant = house.tenant()
    const id = await begin(tenant, 6)
    const works = await Promise.all([1, 2, 3].map(() => workRun(scopeFor(tenant), id, GO_ON())))
    expect(works.sort()).toEqual(['busy', 'busy', 'done'])
    expect(await traces(tenant)).toBe(6)
  })

  it('is cancelled: what runs is cut off, what waits is not begun, and twice is as once', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'yes', stallAfter: 0 }))
    const id = await begin(tenant, 5, { parallel: 2 })
    const work = workRun(scopeFor(tenant), id, GO_ON())
    await until(() => house.provider.open() === 2)
    const { ask } = evaluator(tenant)
    expect((await ask('cancel', { params: { id } })).status).toBe(200)
    expect(await work).toBe('done')
    const after = await ask('cancel', { params: { id } })
    expect(after.body).toMatchObject({ state: 'cancelled' })
    expect((await evaluator(tenant).get(id)).body).toMatchObject({
      status: 'cancelled',
      state: 'cancelled',
      summary: { passed: 0, pending: 0, inconclusive: 5 },
    })
    expect(await traces(tenant)).toBe(2)
    expect((await systemDb().trace.findMany({ where: { tenantId: tenant.id } })).map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
    ])
    const events = await systemDb().auditEntry.findMany({ where: { tenantId: tenant.id, eventType: 'eval_run' } })
    expect(events).toHaveLength(3)
  })

  it('is over at once where nobody works on it when it is cancelled; one that has ended is not', async () => {
    const tenant = house.tenant()
    const id = await begin(tenant, 2)
    const { ask, run } = evaluator(tenant)
    expect((await ask('cancel', { params: { id } })).body).toMatchObject({ state: 'cancelled' })
    expect(await traces(tenant)).toBe(0)
    const done = await run({ dataset: dataset(1) })
    expect((await ask('cancel', { params: { id: String(done.body['id']) } })).status).toBe(409)
  })

  it('ends where the money does, and says so', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'yes', usage: { input: 1_000, output: 10 } }))
    const limit = { scope: 'tenant', budget_usd: 0.006, hard_limit: true }
    await setBudget(scopeOf(identityOf(tenant.id)), limit as never)
    const { body } = await evaluator(tenant).run({ dataset: dataset(400), options: { parallel: 2 } })
    expect(body).toMatchObject({ state: 'stopped' })
    expect((body['result'] as Json)['failure']).toMatch(/^budget_|^request_exceeds/)
    expect(body['status']).not.toBe('passed')
  })

  it('a key that is used again does nothing again', async () => {
    const tenant = house.tenant()
    const { run } = evaluator(tenant)
    const headers = { 'idempotency-key': 'once' }
    const first = await run({ dataset: dataset(2) }, headers)
    const second = await run({ dataset: dataset(2) }, headers)
    expect(second.body['id']).toBe(first.body['id'])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await traces(tenant)).toBe(2)
    expect((await run({ dataset: dataset(3) }, headers)).status).toBe(409)
  })
})

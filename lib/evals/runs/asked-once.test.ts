import { beforeEach, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { evaluator } from '@/lib/core/testing/evaluator'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import type { MockRequest } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { type Reservation, reserveWrites, setBudget, settleWrites } from '@/lib/governance'
import { jobScope } from '@/lib/jobs/job-scope'
import { uuidv7 } from '@/lib/shared/id'
import { EVAL_JOB } from './start-run'
import { workRun } from './work-run'

type Json = Record<string, unknown>

const KIND = { type: 'judge', name: 'kind', rubric: 'The answer is kind.', model: 'gpt-4o', max_tokens: 8_000 }
const textOf = ({ body }: MockRequest): string => JSON.stringify(body)
const isJudge = (request: MockRequest): boolean => textOf(request).includes('You judge one answer')
const checkIn = (request: MockRequest): string => /\\+"check\\+" is \\+"([0-9a-f]{12})/.exec(textOf(request))?.[1] ?? ''
const dataset = (count: number) => ({
  name: 'many',
  cases: Array.from({ length: count }, (_, at) => ({ id: `c${at}`, input: `Number ${at}?`, expected_output: 'yes' })),
})

describeEachDialect('what an evaluation asks', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer((request) =>
      isJudge(request)
        ? { text: [JSON.stringify({ check: checkIn(request), score: 1, verdict: 'pass' })] }
        : { text: 'yes', usage: { input: 500, output: 10 } },
    )
  })

  const until = async (isDone: () => boolean | Promise<boolean>) => {
    const deadline = performance.now() + 15_000
    while (!(await isDone())) {
      if (performance.now() > deadline) throw new Error('It did not come to that in time')
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const begin = async (tenant: AgentTenant, body: object) =>
    String((await evaluator(tenant).run({ ...body, wait: false })).body['id'])
  const work = (tenant: AgentTenant, id: string) =>
    workRun(jobScope(EVAL_JOB, tenant.id), id, new AbortController().signal)
  const traces = (tenant: AgentTenant, kind: string) => systemDb().trace.count({ where: { tenantId: tenant.id, kind } })

  const heldElsewhere = async (tenant: AgentTenant, amount: number) => {
    const scope = scopeOf(identityOf(tenant.id))
    const hold = {
      ...{ id: uuidv7(kernel().clock.now().getTime()), traceId: uuidv7(kernel().clock.now().getTime()), kind: 'send' },
      ...{ workspaceId: 'default', environment: 'default', role: null, userId: null, provider: 'p', model: 'm' },
      ...{ amount, priceVersion: '1', leaseUntil: dateOf(kernel().clock.now().getTime() + 60_000) },
    } as unknown as Reservation
    expect((await scope.command({ audit: [], writes: reserveWrites(scope, [hold]) })).applied).toBe(true)
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 }
    const free = { id: hold.id, state: 'released', cost: 0, usage, isEstimated: false }
    return () => scope.command({ audit: [], writes: settleWrites(scope, [free] as never) })
  }

  it('is not asked again where its judge has to wait for money that others hold', async () => {
    const tenant = house.tenant()
    const wish = { dataset: dataset(1), options: { scorers: [KIND] } }
    await evaluator(tenant).run(wish)
    const held = async (kind: string) =>
      Number((await tenant.ledger()).find((line) => line.kind === kind)?.reservedMicroUsd)
    const [own, judges] = [await held('eval'), await held('llm_task')]
    expect(judges).toBeGreaterThan(own * 2)
    const before = await tenant.ledger()
    const spent = before.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    const limit = spent + judges * 10 + own * 2
    await setBudget(scopeOf(identityOf(tenant.id)), {
      ...{ scope: 'tenant', budget_usd: limit / 1e6, hard_limit: true },
    } as never)
    const free = await heldElsewhere(tenant, judges * 10)
    const id = await begin(tenant, wish)
    const working = work(tenant, id)
    const asked = () => house.provider.requests().filter((request) => !isJudge(request)).length
    await until(async () => (await systemDb().evalResult.count({ where: { runId: id, status: 'answered' } })) === 1)
    const from = performance.now()
    await until(() => performance.now() - from > 700)
    await free()
    expect(await working).toBe('done')
    expect((await evaluator(tenant).get(id)).body).toMatchObject({ status: 'passed' })
    expect(asked()).toBe(2)
    const after = (await tenant.ledger()).filter(({ kind }) => kind !== 'send').slice(before.length)
    const paid = after.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    const row = await systemDb().evalRun.findFirstOrThrow({ where: { id } })
    expect(Number(row.costMicroUsd)).toBe(paid)
  })

  it('is charged also where a judge says nothing that counts', async () => {
    const tenant = house.tenant()
    house.provider.answer((request) =>
      isJudge(request) ? { text: 'PASS!!! 10/10' } : { text: 'yes', usage: { input: 500, output: 10 } },
    )
    const { body } = await evaluator(tenant).run({ dataset: dataset(1), options: { scorers: [KIND] } })
    const lines = await tenant.ledger()
    expect(lines.filter(({ kind }) => kind === 'llm_task').every((line) => line.costMicroUsd > 0n)).toBe(true)
    const paid = lines.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    expect((body['summary'] as Json)['total_cost']).toBeCloseTo(paid / 1e6, 9)
    const capped = await evaluator(tenant).run({
      ...{ dataset: dataset(6) },
      options: { scorers: [KIND], cap_usd: (paid / 1e6) * 2.5, parallel: 1 },
    })
    expect(capped.body).toMatchObject({ state: 'stopped', result: { failure: 'cap_reached' } })
    expect(Number((capped.body['summary'] as Json)['total_cost'])).toBeLessThanOrEqual((paid / 1e6) * 2.5)
  })

  it('is one evaluation for one key, also while the first call is under way or its server is gone', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'yes', stallAfter: 0 }))
    const headers = { 'idempotency-key': 'once' }
    const { run, ask } = evaluator(tenant)
    const first = run({ dataset: dataset(2) }, headers)
    await until(() => house.provider.open() > 0)
    const second = await run({ dataset: dataset(2) }, headers)
    const [row] = await systemDb().evalRun.findMany({ where: { tenantId: tenant.id } })
    expect(second.status).toBe(202)
    expect(second.body).toMatchObject({ id: row?.id, status: 'running', summary: { total: 2, pending: 2 } })
    // Nothing of it runs out with a lease.
    expect(
      (await systemDb().idempotencyKey.findMany({ where: { tenantId: tenant.id } })).map(({ state }) => state),
    ).toEqual(['done'])
    await ask('cancel', { params: { id: String(row?.id) } })
    expect((await first).body).toMatchObject({ id: row?.id, status: 'cancelled' })
    expect((await run({ dataset: dataset(2) }, headers)).body).toMatchObject({ id: row?.id, status: 'cancelled' })
    expect(await systemDb().evalRun.count({ where: { tenantId: tenant.id } })).toBe(1)
  })

  it('is left to whoever took the run over: what is cut off here counts as not asked', {
    timeout: 30_000,
  }, async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'yes', stallAfter: 0 }))
    const id = await begin(tenant, { dataset: dataset(3), options: { parallel: 2 } })
    const working = work(tenant, id)
    await until(() => house.provider.open() === 2)
    const later = dateOf(kernel().clock.now().getTime() + 60_000)
    await systemWrite(({ client }) => client.evalRun.updateMany({ where: { id }, data: { leaseUntil: later } }))
    expect(await working).toBe('busy')
    const rows = await systemDb().evalResult.findMany({ where: { runId: id } })
    expect(rows.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued'])
    house.provider.reset()
    house.provider.answer(() => ({ text: 'yes' }))
    await systemWrite(({ client }) => client.evalRun.updateMany({ where: { id }, data: { leaseUntil: null } }))
    expect(await work(tenant, id)).toBe('done')
    expect((await evaluator(tenant).get(id)).body).toMatchObject({ status: 'passed', summary: { passed: 3 } })
    expect(await traces(tenant, 'eval')).toBe(5)
  })
})

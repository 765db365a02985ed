import { afterAll, beforeAll, expect, it } from 'vitest'
import { dateOf, fixedClock, systemClock } from '@/lib/core/clock'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect, freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { proveLedger, setBudget } from '@/lib/governance'
import { endInterruptedRuns } from '@/lib/jobs/end-interrupted'
import { jobScope } from '@/lib/jobs/job-scope'
import { newBenchScope } from '../bench/bench-scope'
import { type Answers, type Spender, startSpender } from './reserving'

const ROUNDS = Math.min(10, Number(process.env['STRESS_ROUNDS'] ?? 1))
const TRIES = 1_000
const DIME = 100_000n
const LIMIT_USD = 5
const FIT = 50
const SCOPES = ['tenant', 'workspace:default', 'environment:default/prod', 'role:agent', 'user:ann']
const AT_ONCE = [1, 2, 4]
// In short, what is killed is one of two.
const KILLED = ROUNDS > 1 ? AT_ONCE : [2]

describeEachDialect('reservations in several processes', (dialect) => {
  let database: TestDatabase
  const spenders: Spender[] = []
  let tenants = 0

  const openAt = (ms: number) =>
    installKernel(
      createKernel({
        env: newBenchScope.env(database.url),
        clock: ms === 0 ? systemClock : fixedClock(dateOf(systemClock.now().getTime() + ms)),
        log: createLog('silent'),
      }),
    )

  beforeAll(async () => {
    database = await freshDatabase(dialect)
    openAt(0)
  })
  afterAll(async () => {
    for (const spender of spenders) await spender.stop()
    await kernel().stop()
    await database.close()
  })

  const need = async (count: number): Promise<Spender[]> => {
    const alive = spenders.filter((spender) => spender.isAlive())
    const more = Array.from({ length: Math.max(0, count - alive.length) }, () => startSpender(database.url))
    spenders.push(...(await Promise.all(more)))
    return spenders.filter((spender) => spender.isAlive()).slice(0, count)
  }

  const newTenant = async (): Promise<string> => {
    const id = `stress-${++tenants}`
    const now = kernel().clock.now()
    await kernel().db.writer.transaction(null, (tx) =>
      tx.client.tenant.create({ data: { id, name: id, createdAt: now } }),
    )
    for (const scope of SCOPES) await setBudget(newBenchScope.scope(id), { scope, budget_usd: LIMIT_USD })
    return id
  }

  const linesOf = (tenantId: string) => systemDb().ledgerEntry.findMany({ where: { tenantId } })

  const everySum = async (tenantId: string, spent: bigint, reserved: bigint) => {
    const budgets = await systemDb().budget.findMany({ where: { tenantId } })
    expect(budgets).toHaveLength(SCOPES.length)
    for (const budget of budgets)
      expect(budget).toMatchObject({
        spentMicroUsd: spent,
        reservedMicroUsd: reserved,
        limitMicroUsd: DIME * BigInt(FIT),
      })
  }

  // There is no run behind these lines, so the sums of runs know nothing of them.
  const isProven = async (tenantId: string) => {
    const { differences } = await proveLedger(newBenchScope.scope(tenantId))
    expect(differences.filter(({ what }) => what !== 'rollups')).toEqual([])
  }

  // The sweeper, when the leases are over.
  const sweep = async (tenantId: string) => {
    await kernel().stop()
    openAt(120_000)
    const look = () =>
      endInterruptedRuns.start(jobScope('sweep', 'system'), {}, {
        inTenant: (id: string) => jobScope('sweep', id),
        signal: new AbortController().signal,
      } as never)
    await look()
    const open = (await linesOf(tenantId)).filter(({ state }) => state === 'reserved')
    expect(open).toEqual([])
    await isProven(tenantId)
    await kernel().stop()
    openAt(0)
  }

  const spendAll = async (
    tenant: string,
    processes: number,
    churn: boolean,
    kill?: () => number,
  ): Promise<Answers[]> => {
    const some = await need(processes)
    const count = TRIES / processes
    return Promise.all(
      some.map((spender, n) =>
        spender.spend({ tenant, prefix: `p${n}`, count, churn }, n === 0 ? kill?.() : undefined),
      ),
    )
  }

  it.each(AT_ONCE)(
    '%d: of a thousand dimes on five dollars exactly fifty are admitted',
    { timeout: 120_000 },
    async (processes) => {
      const tenant = await newTenant()
      const answers = await spendAll(tenant, processes, false)
      expect(answers.flatMap(({ faults }) => faults)).toEqual([])
      const admitted = answers.flatMap((answer) => answer.admitted)
      expect(admitted).toHaveLength(FIT)
      expect(answers.flatMap(({ refused }) => refused)).toHaveLength(TRIES - FIT)
      expect((await linesOf(tenant)).map(({ id }) => id).sort()).toEqual([...admitted].sort())
      await everySum(tenant, 0n, DIME * BigInt(FIT))
      await isProven(tenant)
      await sweep(tenant)
      await everySum(tenant, DIME * BigInt(FIT), 0n)
    },
  )

  it.each(KILLED)(
    '%d: with a process that is killed, what was admitted is held, and no more than fits',
    { timeout: 300_000 },
    async (processes) => {
      for (let round = 0; round < ROUNDS; round++) {
        const tenant = await newTenant()
        const killed = await spendAll(tenant, processes, false, () => 1 + Math.floor(Math.random() * 60))
        const lines = new Set((await linesOf(tenant)).map(({ id }) => id))
        const acknowledged = killed.flatMap(({ admitted }) => admitted)
        expect(acknowledged.filter((id) => !lines.has(id))).toEqual([])
        const [other] = await need(1)
        await other?.spend({ tenant, prefix: 'after', count: 200, churn: false })
        expect(await linesOf(tenant)).toHaveLength(FIT)
        await everySum(tenant, 0n, DIME * BigInt(FIT))
        await sweep(tenant)
        await everySum(tenant, DIME * BigInt(FIT), 0n)
      }
    },
  )

  it.each(KILLED)(
    '%d: while calls end and a process dies, no commit is above the limit',
    { timeout: 300_000 },
    async (processes) => {
      for (let round = 0; round < ROUNDS; round++) {
        const tenant = await newTenant()
        let isOver = false
        const worst = { used: 0n }
        const looking = (async () => {
          while (!isOver) {
            for (const { spentMicroUsd, reservedMicroUsd } of await systemDb().budget.findMany({
              where: { tenantId: tenant },
            }))
              if (spentMicroUsd + reservedMicroUsd > worst.used) worst.used = spentMicroUsd + reservedMicroUsd
            await new Promise((resolve) => setImmediate(resolve))
          }
        })()
        const answers = await spendAll(tenant, processes, true, () => 100 + Math.floor(Math.random() * 400))
        isOver = true
        await looking
        expect(worst.used).toBeGreaterThan(0n)
        expect(worst.used).toBeLessThanOrEqual(DIME * BigInt(FIT))
        const states = new Map((await linesOf(tenant)).map(({ id, state }) => [id, state]))
        for (const id of answers.flatMap(({ settled }) => settled)) expect(states.get(id)).toMatch(/settled|released/)
        await isProven(tenant)
        await sweep(tenant)
      }
    },
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dateOf, fixedClock } from '@/lib/core/clock'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { NO_USAGE } from '@/lib/shared/chat'
import { microUsd } from '@/lib/shared/money'
import { keysOf } from './budget-key'
import { rollStale } from './budgets'
import { chargeWrites, reserveWrites, settleWrites } from './lines'
import { periodAt } from './periods'
import { proveLedger } from './prove-ledger'
import { deleteBudget, setBudget } from './set-budget'

const START = new Date('2026-03-27T12:00:00Z')
const HOUR = 3_600_000
const ZONE = 'Europe/Berlin'
const clock = fixedClock(START)

const PAYERS = [
  { workspaceId: 'a', environment: 'prod', role: 'r', userId: 'u' },
  { workspaceId: 'a', environment: 'dev', role: null, userId: 'u' },
  { workspaceId: 'b', environment: 'prod', role: 'r', userId: null },
]
const KEYS = ['tenant', 'workspace:a', 'environment:prod', 'environment:a/prod', 'role:r', 'user:u'] as const
type Payer = (typeof PAYERS)[number]

type Step =
  | { do: 'reserve'; at: number; payer: number; amount: number }
  | { do: 'settle' | 'release' | 'expire'; at: number; pick: number; cost: number }
  | { do: 'charge'; at: number; payer: number; amount: number }
  | { do: 'wait'; hours: number }
  | { do: 'set'; key: number; limit: number; isHard: boolean; period: 'daily' | 'weekly' | 'monthly' }
  | { do: 'drop'; key: number }

const amounts = fc.integer({ min: 0, max: 6 })
const payers = fc.integer({ min: 0, max: PAYERS.length - 1 })
const groups = fc.integer({ min: 0, max: 2 })
const keys = fc.integer({ min: 0, max: KEYS.length - 1 })
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('reserve' as const), at: groups, payer: payers, amount: amounts }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('settle' as const, 'release' as const, 'expire' as const),
      at: groups,
      pick: fc.nat(40),
      cost: amounts,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('charge' as const), at: groups, payer: payers, amount: amounts }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      key: keys,
      limit: fc.integer({ min: 1, max: 20 }),
      isHard: fc.boolean(),
      period: fc.constantFrom('daily' as const, 'weekly' as const, 'monthly' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), key: keys }) },
)

// The same in a dozen lines: a list of what was held and what became of it, and nothing kept beside it.
type Line = { id: string; payer: Payer; amount: number; cost: number; state: string; at: number }
type Limit = { limit: number; isHard: boolean; period: 'daily' | 'weekly' | 'monthly' }

const model = () => {
  const lines: Line[] = []
  const limits = new Map<string, Limit>()
  const sums = (key: string, { period }: Limit, now: number) => {
    const { start, end } = periodAt(period, ZONE, dateOf(now))
    const own = lines.filter(
      ({ payer, at }) => keysOf(payer).includes(key) && at >= start.getTime() && at < end.getTime(),
    )
    return {
      spent: own.reduce((sum, { cost }) => sum + cost, 0),
      reserved: own.reduce((sum, { state, amount }) => sum + (state === 'reserved' ? amount : 0), 0),
    }
  }
  const fits = (payer: Payer, amount: number, now: number): boolean =>
    [...limits].every(([key, limit]) => {
      if (!limit.isHard || !keysOf(payer).includes(key)) return true
      const { spent, reserved } = sums(key, limit, now)
      return spent + reserved + amount <= limit.limit
    })
  return { lines, limits, sums, fits }
}

describeEachDialect('any order of things', (dialect) => {
  useKernel(dialect, { clock })

  const play = async (tenant: TestTenant, all: readonly Step[]): Promise<void> => {
    clock.set(START)
    const { scope } = tenant
    const world = model()
    let number = 0
    let waiting: (() => Promise<void>)[] = []
    let kind = ''
    const flush = async () => {
      const now = waiting
      waiting = []
      await Promise.all(now.map((run) => run()))
    }
    // What is of one kind goes into one group of the writer, in this order, unless it is to stand alone.
    const next = async (step: { do: string; at: number }) => {
      const of = step.do === 'reserve' ? 'reserve' : 'tell'
      if (of !== kind || step.at === 0) await flush()
      kind = of
    }
    const reserve = (payer: Payer, amount: number) => {
      const now = clock.now()
      const line = {
        id: `l${String(number++).padStart(4, '0')}`,
        payer,
        amount,
        cost: 0,
        state: 'reserved',
        at: now.getTime(),
      }
      const isExpected = world.fits(payer, amount, line.at)
      if (isExpected) world.lines.push(line)
      const what = { kind: 'send', provider: 'p', model: 'm', priceVersion: 'v', traceId: line.id, leaseUntil: now }
      const ask = async () =>
        (
          await scope.command({
            audit: [],
            writes: reserveWrites(scope, [{ ...line, ...payer, ...what, amount: microUsd(amount) }]),
          })
        ).applied
      waiting.push(async () => expect(await ask()).toBe(isExpected))
    }
    const tell = (pick: number, verb: 'settle' | 'release' | 'expire', cost: number) => {
      const line = world.lines[pick % Math.max(1, world.lines.length)]
      if (!line) return
      const state = ({ settle: 'settled', release: 'released', expire: 'expired' } as const)[verb]
      const paid = verb === 'settle' ? cost : verb === 'expire' ? line.amount : 0
      if (line.state === 'reserved' || (line.state === 'expired' && verb !== 'expire'))
        Object.assign(line, { state, cost: paid })
      const told = { id: line.id, state, cost: microUsd(paid), usage: NO_USAGE, isEstimated: false }
      waiting.push(async () => void (await scope.command({ audit: [], writes: settleWrites(scope, [told]) })))
    }
    for (const step of all) {
      if (step.do === 'reserve') {
        await next(step)
        reserve(PAYERS[step.payer] as Payer, step.amount)
      } else if (step.do === 'settle' || step.do === 'release' || step.do === 'expire') {
        await next(step)
        tell(step.pick, step.do, step.cost)
      } else {
        await flush()
        if (step.do === 'wait') {
          clock.advance(step.hours * HOUR)
          // Sometimes those who meet a period that is over do it, sometimes nobody does for days.
          await rollStale(scope, null)
        } else if (step.do === 'charge') {
          const payer = PAYERS[step.payer] as Payer
          const id = `c${number++}`
          world.lines.push({ id, payer, amount: 0, cost: step.amount, state: 'settled', at: clock.now().getTime() })
          const what = {
            kind: 'x',
            provider: 'p',
            model: 'm',
            traceId: null,
            adapterId: 'a',
            cost: microUsd(step.amount),
          }
          await scope.command({ audit: [], writes: chargeWrites(scope, { id, ...payer, ...what }) })
        } else if (step.do === 'set') {
          const { limit, isHard, period } = step
          const key = KEYS[step.key] ?? 'tenant'
          world.limits.set(key, { limit, isHard, period })
          await setBudget(scope, { scope: key, budget_usd: limit / 1e6, hard_limit: isHard, period, timezone: ZONE })
        } else if (step.do === 'drop') {
          const key = KEYS[step.key] ?? 'tenant'
          if (world.limits.delete(key)) await deleteBudget(scope, { scope: key })
        }
      }
    }
    await flush()
    await rollStale(scope, null)
    const stored = await systemDb().budget.findMany({ where: { tenantId: tenant.id } })
    expect(stored.map(({ id }) => id).sort()).toEqual([...world.limits.keys()].sort())
    for (const { id, spentMicroUsd, reservedMicroUsd } of stored) {
      const limit = world.limits.get(id) as Limit
      const { spent, reserved } = world.sums(id, limit, clock.now().getTime())
      expect([id, Number(spentMicroUsd), Number(reservedMicroUsd)]).toEqual([id, spent, reserved])
    }
    const { differences } = await proveLedger(scope)
    expect(differences.filter(({ what }) => what !== 'rollups')).toEqual([])
  }

  it('ends with the sums that a list of lines has', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 60 }), async (all) => play(await newTenant(), all)),
      { numRuns: dialect === 'sqlite' ? 60 : 20 },
    )
  })
})

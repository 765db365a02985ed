import { usdOf } from '@/lib/shared/money'
import type { Group } from '@/lib/tracing'
import { MOST_ROWS } from './contract/coverage'

export type Cost = { cost: number; traces: number }

export const NO_COST: Cost = { cost: 0, traces: 0 }

export const plusCost = (a: Cost, b: Cost): Cost => ({ cost: a.cost + b.cost, traces: a.traces + b.traces })

export const costOf = ({ costMicroUsd, traces }: Group): Cost => ({ cost: costMicroUsd, traces })

export const shown = ({ cost, traces }: Cost) => ({
  total_cost: usdOf(cost),
  total_cost_micro_usd: cost,
  trace_count: traces,
})

type Key = keyof Group['keys']

export const sumBy = (groups: readonly Group[], key: Key): Map<string, Cost> => {
  const all = new Map<string, Cost>()
  for (const group of groups) {
    const name = group.keys[key] ?? ''
    all.set(name, plusCost(all.get(name) ?? NO_COST, costOf(group)))
  }
  return all
}

/** The dearest first, then those with most runs, then by name: one order, however often it is asked. */
export const ranked = (costs: ReadonlyMap<string, Cost>, most = MOST_ROWS): [string, Cost][] =>
  [...costs].sort(([a, x], [b, y]) => y.cost - x.cost || y.traces - x.traces || (a < b ? -1 : 1)).slice(0, most)

import { usdOf } from '@/lib/shared/money'
import { histogramOf } from './histogram'
import { SUM_NAMES } from './sql-stats'
import type { Group, Sums } from './store-stats'

export const NO_SUMS = Object.fromEntries(SUM_NAMES.map((name) => [name, 0])) as Sums

export const plusSums = (a: Sums, b: Sums): Sums =>
  Object.fromEntries(SUM_NAMES.map((name) => [name, a[name] + b[name]])) as Sums

export const sumOf = (groups: readonly Sums[]): Sums => groups.reduce(plusSums, NO_SUMS)

export const inputOf = (sums: Sums): number => sums.inputTokens + sums.cacheReadTokens + sums.cacheWriteTokens

// A provider that fails makes its run fail, and that is an error here.
export const shownSums = (sums: Sums) => ({
  traces: sums.traces,
  errors: sums.errors,
  total_tokens: inputOf(sums) + sums.outputTokens,
  total_cost: usdOf(sums.costMicroUsd),
  total_cost_micro_usd: sums.costMicroUsd,
  avg_duration_ms: sums.traces === 0 ? 0 : Math.round(sums.durationMs / sums.traces),
})

export const histogramIn = (groups: readonly Group[]) =>
  histogramOf(groups.map(({ keys, traces }) => [Number(keys.bucket), traces]))

export const byStatus = (groups: readonly Group[]): Record<string, number> => {
  const all = new Map<string, number>()
  for (const { keys, traces } of groups) {
    const status = keys.status ?? ''
    all.set(status, (all.get(status) ?? 0) + traces)
  }
  return Object.fromEntries(all)
}

import { dateOf } from '@/lib/core/clock'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import { missing } from '@/lib/shared/problem'
import type { VersionStats } from './contract/registry'
import { stateOf } from './get-skill'
import { findEvalFacts, findTestFacts, findVersions, type Use, usesOf } from './store'

const DAY_MS = 86_400_000

const NEVER: Omit<Use, 'first' | 'last'> & { first: null; last: null } = {
  ...{ traces: 0, errors: 0, cost: 0 },
  ...{ first: null, last: null },
}

const used = (use: Use | undefined) => {
  const { traces, errors, cost, first, last } = use ?? NEVER
  return {
    usage_count: traces,
    error_count: errors,
    error_rate: traces === 0 ? 0 : errors / traces,
    total_cost: usdOf(cost),
    total_cost_micro_usd: cost,
    avg_cost: traces === 0 ? 0 : usdOf(Math.round(cost / traces)),
    first_used: first,
    last_used: last,
  }
}

type Tests = Awaited<ReturnType<typeof findTestFacts>>
type Evals = Awaited<ReturnType<typeof findEvalFacts>>

const testsOf = (all: Tests, version: string): VersionStats['tests'] => {
  const mine = all.filter((run) => run.version === version)
  const [last] = mine
  return {
    runs: mine.length,
    last_status: last === undefined ? null : last.status === 'passed' ? 'passed' : 'failed',
    last_pass_rate: last === undefined || last.testCount === 0 ? null : last.passCount / last.testCount,
  }
}

const evalsOf = (all: Evals, version: string): VersionStats['evals'] => {
  const mine = all.filter((run) => run.skillVersion === version)
  const [last] = mine
  const scored = last === undefined ? 0 : last.passCount + last.failCount + last.errorCount
  return {
    runs: mine.length,
    pass_rate: last === undefined || scored === 0 ? null : last.passCount / scored,
    last_id: last?.id ?? null,
  }
}

// Sums of runs are kept by day of UTC.
const sinceOf = (now: Date, days: number): Date =>
  dateOf(Math.floor(now.getTime() / DAY_MS) * DAY_MS - (days - 1) * DAY_MS)

/** How each version did, from the runs that carried it. Who acts for one user is told of tests and states alone. */
export const skillStats = async (scope: Scope, name: string, days: number) => {
  const rows = await findVersions(scope.db, name)
  if (rows.length === 0) return missing('skill', name)
  const { workspaces, user } = reachOf(scope)
  const names = rows.map(({ version }) => `${name}@${version}`)
  const asked = { names, since: sinceOf(scope.clock.now(), days), workspaces }
  const [uses, tests, evals] = await Promise.all([
    user === null ? usesOf(scope, asked) : new Map<string, Use>(),
    findTestFacts(scope.db, name),
    findEvalFacts(scope.db, name, workspaces),
  ])
  const versions = rows.map(({ version, state }) => ({
    version,
    state: stateOf(state),
    ...used(uses.get(`${name}@${version}`)),
    tests: testsOf(tests, version),
    evals: evalsOf(evals, version),
  }))
  return { name, days, versions }
}

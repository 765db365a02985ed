import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { Headline } from '../contract'
import { fenceOf } from '../fence'
import { headline, plural } from './headline'

const DAYS_MS = 7 * 86_400_000
const MOST_RUNS = 100
const MOST_NAMED = 3

const SHOWN = {
  ...{ id: true, outcome: true, datasetName: true, workspaceId: true, environment: true, skillName: true },
  ...{ caseCount: true, passCount: true, failCount: true, errorCount: true, baselineId: true },
} as const

// Those of a promotion are told with the promotion.
const ended = (scope: Scope) => {
  const fence = fenceOf(scope)
  return scope.db.evalRun.findMany({
    where: {
      createdAt: { gte: dateOf(scope.clock.now().getTime() - DAYS_MS) },
      status: { in: ['completed', 'stopped'] },
      promotionId: null,
      ...(fence === null ? {} : { workspaceId: { in: [...fence] } }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST_RUNS,
    select: SHOWN,
  })
}

type Run = Awaited<ReturnType<typeof ended>>[number]

const subjectOf = ({ datasetName, workspaceId, environment, skillName }: Run): string =>
  JSON.stringify([datasetName, workspaceId, environment, skillName])

/** The last of each: what failed and passes by now is of no concern. */
const latestOf = (runs: readonly Run[]): Run[] => {
  const newest = new Map<string, Run>()
  for (const run of runs) if (!newest.has(subjectOf(run))) newest.set(subjectOf(run), run)
  return [...newest.values()]
}

const hrefOf = ({ id }: Run): string => `/ops/evals/${id}`

const failed = (runs: readonly Run[]): Headline[] =>
  runs
    .filter(({ outcome }) => outcome === 'failed')
    .map((run) =>
      headline(
        'attention',
        `The last evaluation of ${run.skillName ?? run.datasetName} failed`,
        hrefOf(run),
        `${run.passCount} of ${plural(run.caseCount, 'case', 'cases')} passed, ${run.workspaceId}`,
      ),
    )

type Marks = { passCount: number; caseCount: number }

const partOf = ({ passCount, caseCount }: Marks): number => (caseCount === 0 ? 0 : passCount / caseCount)

const regressed = async (scope: Scope, runs: readonly Run[]): Promise<Headline[]> => {
  const compared = runs.filter(({ outcome, baselineId }) => outcome !== 'failed' && baselineId !== null)
  if (compared.length === 0) return []
  const ids = compared.flatMap(({ baselineId }) => baselineId ?? [])
  const rows = await scope.db.evalRun.findMany({
    where: { id: { in: ids } },
    select: { id: true, passCount: true, caseCount: true },
  })
  const baselines = new Map(rows.map((row) => [row.id, row]))
  return compared.flatMap((run) => {
    const before = baselines.get(run.baselineId ?? '')
    if (!before || partOf(run) >= partOf(before)) return []
    const detail = `${run.passCount} of ${run.caseCount} passed, ${before.passCount} of ${before.caseCount} before`
    return [
      headline(
        'attention',
        `${run.skillName ?? run.datasetName} became worse than its baseline`,
        `/ops/evals/compare?${new URLSearchParams({ baseline_id: before.id, id: run.id })}`,
        detail,
      ),
    ]
  })
}

export const evalHeadlines = async (scope: Scope): Promise<Headline[]> => {
  if (!scope.permissions.has('eval:view')) return []
  const latest = latestOf(await ended(scope))
  return [...failed(latest), ...(await regressed(scope, latest))].slice(0, MOST_NAMED)
}

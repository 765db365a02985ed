import type { SeriesPoint } from '@/components/chart/series'
import type { EvalSummary } from '@/lib/evals/contract'

const ENDED = ['passed', 'failed', 'inconclusive']

/** The runs of one dataset that came to their end, oldest first, as points of a chart. */
export const scorePoints = (runs: readonly EvalSummary[], dataset: string): SeriesPoint[] =>
  runs
    .filter((run) => run.dataset_name === dataset && ENDED.includes(run.status) && run.completed_at !== null)
    .toSorted((a, b) => ((a.completed_at ?? '') < (b.completed_at ?? '') ? -1 : 1))
    .map((run) => {
      const when = run.completed_at ?? run.created_at
      const what = run.skill_name ?? run.version_hash?.slice(0, 8) ?? 'files'
      return {
        key: run.id,
        label: `${when.slice(5, 10)} ${when.slice(11, 16)}`,
        title: `${when.slice(0, 10)} ${when.slice(11, 16)} UTC, ${what}, ${run.model}`,
        values: {
          rate: run.scores.pass_rate,
          score: run.scores.avg_score,
          low: run.scores.confidence?.pass_rate.low ?? null,
          high: run.scores.confidence?.pass_rate.high ?? null,
        },
      }
    })

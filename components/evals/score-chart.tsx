'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { Series } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { Select } from '@/components/ui/select'
import type { EvalSummary } from '@/lib/evals/contract'
import { evalHref, percent, points as pointsText } from './eval-words'
import { scorePoints } from './score-points'
import { useEvals } from './use-evals'

const SERIES: readonly Series[] = [
  { id: 'rate', name: 'Cases passed', color: 'var(--accent-line)', kind: 'line' },
  { id: 'score', name: 'Mean score', color: 'var(--model)', kind: 'line' },
  { id: 'low', name: '95 % from', color: 'var(--line-strong)', kind: 'line', dash: '3 3', isSmooth: true },
  { id: 'high', name: '95 % to', color: 'var(--line-strong)', kind: 'line', dash: '3 3', isSmooth: true },
]

const LEAST = 2

type ChartProps = { asked: string | string[] | undefined; runs: readonly EvalSummary[] }

/** One dataset over time: scores of different datasets say nothing to each other. */
export const ScoreChart = ({ asked, runs }: ChartProps) => {
  const router = useRouter()
  const names = [...new Set(runs.map((run) => run.dataset_name))]
  const [chosen, choose] = useState<string | null>(null)
  const dataset = typeof asked === 'string' ? asked : (chosen ?? names[0] ?? null)
  const { data } = useEvals({ dataset_name: dataset ?? '', limit: '100' }, dataset !== null)
  const points = dataset === null ? [] : scorePoints(data?.results ?? [], dataset)
  if (dataset === null || points.length < LEAST) return null
  return (
    <SeriesFrame
      title={`Scores of ${dataset}`}
      summary={sentence(points)}
      keyName="Run"
      series={SERIES}
      points={points}
      format={percent}
      hrefOf={evalHref}
      onOpen={(id) => router.push(evalHref(id))}
      actions={
        typeof asked === 'string' || names.length < 2 ? null : (
          <Select
            aria-label="Dataset of the chart"
            className="max-w-56"
            options={names.map((name) => ({ value: name, label: name }))}
            value={dataset}
            onChange={(event) => choose(event.target.value)}
          />
        )
      }
    />
  )
}

const sentence = (points: ReturnType<typeof scorePoints>): string => {
  const [before, last] = points.slice(-2)
  const [now, then] = [last?.values['rate'] ?? 0, before?.values['rate'] ?? 0]
  const change = now === then ? 'as in the run before' : `${pointsText(now - then)} against the run before`
  return `${percent(now)} of the cases passed in the last of ${points.length} runs, ${change}. Press a run to see its cases.`
}

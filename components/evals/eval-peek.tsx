'use client'

import { Money } from '@/components/traces/trace-cells'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatDuration, formatUtc } from '@/components/ui/format'
import type { EvalSummary } from '@/lib/evals/contract'
import { EvalStatus } from './eval-badges'
import { compareHref, datasetHref, evalHref, linkStyle, MICRO, percent, personOf, score, spread } from './eval-words'

export const EvalPeek = ({ run }: { run: EvalSummary }) => {
  const { confidence } = run.scores
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-table">
        <EvalStatus status={run.status} />
        {formatCount(run.pass_count)} of {formatCount(run.case_count)} passed
      </p>
      {run.failure ? <p className="break-words text-bad text-table">{run.failure}</p> : null}
      <div className="flex flex-wrap gap-2">
        <Button asChild look="primary">
          <a href={evalHref(run.id)}>Open the run</a>
        </Button>
        {run.baseline_id ? (
          <Button asChild>
            <a href={compareHref(run.baseline_id, run.id)}>Compare with its baseline</a>
          </Button>
        ) : null}
      </div>
      <Facts
        facts={[
          { name: 'Id', value: <CopyId id={run.id} what="evaluation id" full /> },
          {
            name: 'Dataset',
            value:
              run.dataset_version === null ? (
                run.dataset_name
              ) : (
                <a href={datasetHref(run.dataset_name, { version: String(run.dataset_version) })} className={linkStyle}>
                  {run.dataset_name} v{run.dataset_version}
                </a>
              ),
          },
          {
            name: 'Passed',
            value: `${percent(run.scores.pass_rate)}${confidence ? `, ${spread(confidence.pass_rate)}` : ''}`,
          },
          { name: 'Mean score', value: score(run.scores.avg_score) },
          { name: 'Cost', value: <Money micro={Math.round(run.scores.total_cost * MICRO)} /> },
          { name: 'Took', value: run.duration_ms > 0 ? formatDuration(run.duration_ms) : '–' },
          { name: 'Model', value: <span className="break-all font-mono text-meta">{run.model}</span> },
          { name: 'Workspace', value: `${run.workspace_id}${run.environment ? `, ${run.environment}` : ''}` },
          { name: 'Begun', value: `${formatUtc(run.started_at ?? run.created_at)} by ${personOf(run.started_by)}` },
        ]}
      />
    </>
  )
}

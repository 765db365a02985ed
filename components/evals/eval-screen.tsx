'use client'

import { Ban, GitCompareArrows } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { VersionLink } from '@/components/workspaces/version-link'
import { againDraft } from './again-draft'
import { CancelEval } from './cancel-dialog'
import { EvalCases } from './eval-cases'
import { EvalFigures } from './eval-figures'
import { EvalNav } from './eval-nav'
import { EvalProgress } from './eval-progress'
import { compareHref, datasetHref, isOpenState, personOf, type Reply, wordLink } from './eval-words'
import { JudgesCard } from './judges-card'
import { StartEval } from './start-dialog'
import { useCasesPlace } from './use-cases-place'
import { useEval } from './use-evals'

export const EvalScreen = ({ id }: { id: string }) => {
  const place = useCasesPlace()
  const query = useEval(id, place.wire)
  const reply = query.data
  return (
    <>
      <PageHeader
        title={reply ? reply.result.dataset_name : 'Evaluation'}
        text={reply ? <Subject reply={reply} /> : 'An evaluation'}
      >
        {reply ? <Acts reply={reply} /> : null}
      </PageHeader>
      <EvalNav here="runs" />
      <QueryView query={query} what="This evaluation" stillWorks="If it runs, it goes on." skeleton={<EvalSkeleton />}>
        {(data) => (
          <div className="grid gap-4">
            <EvalProgress reply={data} />
            <EvalFigures reply={data} />
            <EvalCases reply={data} place={place} />
            {data.result.scorers.some(isJudge) ? <JudgesCard evalId={id} /> : null}
          </div>
        )}
      </QueryView>
    </>
  )
}

const isJudge = (scorer: unknown): boolean =>
  typeof scorer === 'object' && scorer !== null && 'type' in scorer && scorer.type === 'judge'

const Subject = ({ reply: { result, started_at: began } }: { reply: Reply }) => (
  <span className="flex flex-wrap items-baseline gap-x-2.5">
    {result.dataset_version === null ? null : (
      <a href={datasetHref(result.dataset_name, { version: String(result.dataset_version) })} className={wordLink}>
        Dataset v{result.dataset_version}
      </a>
    )}
    <span>
      against {result.workspace_id}
      {result.environment ? `, ${result.environment}` : ''}
    </span>
    {result.version_hash ? (
      <VersionLink workspaceId={result.workspace_id} hash={result.version_hash} className="underline" />
    ) : null}
    {result.skill_name ? (
      <a href={`/ops/skills/${encodeURIComponent(result.skill_name)}`} className={wordLink}>
        {result.skill_name} {result.skill_version ?? ''}
      </a>
    ) : null}
    <span className="break-all font-mono text-meta">{result.model}</span>
    <span>
      by {personOf(result.started_by)}
      {began ? (
        <>
          , <RelativeTime iso={began} />
        </>
      ) : null}
    </span>
  </span>
)

const Acts = ({ reply }: { reply: Reply }) => {
  const { baseline_id: baseline, promotion_id: promotion, workspace_id: workspace } = reply.result
  return (
    <>
      {promotion ? (
        <Button asChild>
          <a href={`/ops/promotions/${promotion}?${new URLSearchParams({ workspace_id: workspace })}`}>Its promotion</a>
        </Button>
      ) : null}
      <Button asChild>
        <a
          href={
            baseline ? compareHref(baseline, reply.id) : `/ops/evals/compare?${new URLSearchParams({ id: reply.id })}`
          }
        >
          <GitCompareArrows aria-hidden className="size-4" /> {baseline ? 'Compare with its baseline' : 'Compare…'}
        </a>
      </Button>
      {isOpenState(reply.state) ? (
        <CancelEval
          id={reply.id}
          icon={<Ban aria-hidden className="size-4" />}
          isCancelling={reply.state === 'cancelling'}
        />
      ) : (
        <StartEval label="Run again…" look="plain" initial={againDraft(reply)} />
      )}
    </>
  )
}

const EvalSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-20 rounded-md" />
    <Skeleton className="h-96 rounded-md" />
  </div>
)

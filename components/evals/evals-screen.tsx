'use client'

import { FlaskConical, GitCompareArrows } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { type EvalSummary, opsListEvals } from '@/lib/evals/contract'
import { EVAL_COLUMNS } from './eval-columns'
import { EvalNav } from './eval-nav'
import { EvalPeek } from './eval-peek'
import { compareHref, EVALS_TEXT, evalHref, STATUSES, type Status } from './eval-words'
import { ScoreChart } from './score-chart'
import { StartEval } from './start-dialog'
import { useEvals } from './use-evals'

const FIELDS: readonly FilterField[] = [
  { name: 'dataset_name', label: 'Dataset', kind: 'text' },
  {
    name: 'status',
    label: 'Status',
    kind: 'choice',
    options: (Object.keys(STATUSES) as Status[]).map((value) => ({ value, label: STATUSES[value].name })),
  },
  { name: 'workspace_id', label: 'Workspace', kind: 'text' },
  { name: 'environment', label: 'Environment', kind: 'text' },
  { name: 'version_hash', label: 'Version', kind: 'text', hint: '8 digits or more' },
  { name: 'skill_name', label: 'Skill', kind: 'text' },
  { name: 'model', label: 'Model', kind: 'text' },
]

export const EvalsScreen = () => {
  const filters = useFilters(opsListEvals)
  const query = useEvals(filters.wire)
  const peek = usePeek()
  const peeked = query.data?.results.find(({ id }) => id === peek.id)
  return (
    <>
      <PageHeader title="Evals" text={EVALS_TEXT}>
        <StartEval />
      </PageHeader>
      <EvalNav here="runs" />
      <div className="grid gap-4">
        <ScoreChart asked={filters.wire['dataset_name']} runs={query.data?.results ?? []} />
        <div className="flex items-start gap-4">
          <section
            aria-label="Evaluations"
            className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
          >
            <FilterBar filters={filters} fields={FIELDS} />
            <QueryView
              query={query}
              what="The evaluations"
              stillWorks="Those that run go on."
              skeleton={<TableSkeleton columns={EVAL_COLUMNS} rows={8} selectable />}
            >
              {(page) => <Runs page={page} filters={filters} stale={query.isPlaceholderData} />}
            </QueryView>
          </section>
          <PeekPanel peek={peek} title={peeked?.dataset_name ?? 'Evaluation'}>
            {peeked ? <EvalPeek run={peeked} /> : <p className="text-ink-muted text-table">It is not on this page.</p>}
          </PeekPanel>
        </div>
      </div>
    </>
  )
}

type RunsProps = {
  page: { results: EvalSummary[]; total: number; has_more: boolean; limit: number; offset: number }
  filters: Filters
  stale: boolean
}

const Runs = ({ page, filters, stale }: RunsProps) => {
  const isNarrowed = Object.keys(filters.wire).some((name) => !['limit', 'offset'].includes(name))
  if (page.results.length === 0) return <Nothing isNarrowed={isNarrowed} clear={filters.clear} />
  return (
    <>
      <DataTable
        caption="Evaluations, newest first"
        columns={EVAL_COLUMNS}
        rows={page.results}
        rowId={({ id }) => id}
        hrefOf={(id) => evalHref(id)}
        stale={stale}
        selection={(rows, clear) => <Chosen rows={rows} clear={clear} />}
      />
      {page.has_more || page.offset > 0 ? (
        <OffsetPager filters={filters} page={page} shown={page.results.length} noun="evaluations" />
      ) : null}
    </>
  )
}

// The older one is what the newer one is compared with.
const Chosen = ({ rows, clear }: { rows: EvalSummary[]; clear: () => void }) => {
  const [older, newer, third] = [...rows].sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
  return (
    <>
      <span className="font-medium">{rows.length} selected</span>
      {older && newer && !third ? (
        <Button asChild look="primary" size="small">
          <a href={compareHref(older.id, newer.id)}>
            <GitCompareArrows aria-hidden className="size-3.5" /> Compare
          </a>
        </Button>
      ) : (
        <span className="text-ink-muted text-meta">Select two to compare them.</span>
      )}
      <Button size="small" look="quiet" onClick={clear}>
        Clear
      </Button>
    </>
  )
}

const Nothing = ({ isNarrowed, clear }: { isNarrowed: boolean; clear: () => void }) => (
  <EmptyState
    icon={FlaskConical}
    title={isNarrowed ? 'No evaluation matches' : 'Nothing was evaluated yet'}
    text={
      isNarrowed
        ? 'The filters leave none.'
        : 'A dataset is a list of questions with what a good answer is. This runs one through the agent and scores it:'
    }
    {...(isNarrowed
      ? {}
      : {
          command: { label: 'Run a file of cases', code: 'clasper eval run --dataset cases.jsonl --fail-on failure' },
        })}
    action={isNarrowed ? <Button onClick={clear}>Clear the filters</Button> : <StartEval />}
  />
)

'use client'

import { Database, Plus } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { SearchBox } from '@/components/table/search-box'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { Check } from '@/components/ui/field'
import { formatCount, formatUtc } from '@/components/ui/format'
import { type Dataset, opsListDatasets } from '@/lib/evals/contract'
import { DATASET_COLUMNS } from './dataset-columns'
import { EvalNav } from './eval-nav'
import { DATASETS_TEXT, datasetHref, evalsOfDataset, linkStyle, personOf } from './eval-words'
import { ImportDialog } from './import-dialog'
import { useDatasets } from './use-datasets'

export const DatasetsScreen = () => {
  const filters = useFilters(opsListDatasets)
  const query = useDatasets(filters.wire)
  const peek = usePeek()
  const peeked = query.data?.datasets.find(({ name }) => name === peek.id)
  const isArchived = filters.wire['archived'] === 'true'
  return (
    <>
      <PageHeader title="Datasets" text={DATASETS_TEXT}>
        <NewDataset />
      </PageHeader>
      <EvalNav here="datasets" />
      <div className="flex items-start gap-4">
        <section
          aria-label="Datasets"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <search className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2" aria-label="Filters">
            <SearchBox filters={filters} name="q" label="Search by name" />
            <Check
              label="Archived ones"
              checked={isArchived}
              onChange={(event) => filters.change({ archived: event.target.checked ? 'true' : null })}
            />
          </search>
          <QueryView query={query} what="The datasets" skeleton={<TableSkeleton columns={DATASET_COLUMNS} rows={6} />}>
            {(page) =>
              page.datasets.length === 0 ? (
                <Nothing isNarrowed={filters.wire['q'] !== undefined || isArchived} />
              ) : (
                <>
                  <DataTable
                    caption="Datasets, by name"
                    columns={DATASET_COLUMNS}
                    rows={page.datasets}
                    rowId={({ name }) => name}
                    hrefOf={(name) => datasetHref(name)}
                    stale={query.isPlaceholderData}
                  />
                  {page.has_more || page.offset > 0 ? (
                    <OffsetPager filters={filters} page={page} shown={page.datasets.length} noun="datasets" />
                  ) : null}
                </>
              )
            }
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peek.id ?? 'Dataset'}>
          {peeked ? <Brief one={peeked} /> : <p className="text-ink-muted text-table">It is not on this page.</p>}
        </PeekPanel>
      </div>
    </>
  )
}

const Brief = ({ one }: { one: Dataset }) => (
  <>
    <p className="break-words text-ink text-prose">{one.description ?? 'Nobody said what it is for.'}</p>
    <Button asChild look="primary" className="w-fit">
      <a href={datasetHref(one.name)}>Open the dataset</a>
    </Button>
    <Facts
      facts={[
        { name: 'Cases', value: formatCount(one.case_count) },
        { name: 'Version', value: `v${one.version}` },
        { name: 'Made', value: `${formatUtc(one.created_at)} by ${personOf(one.created_by)}` },
        {
          name: 'Runs',
          value: (
            <a href={evalsOfDataset(one.name)} className={linkStyle}>
              Evaluations with it
            </a>
          ),
        },
      ]}
    />
  </>
)

const NewDataset = () => {
  const [open, setOpen] = useState(false)
  if (!useMay('eval:run')) return null
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" /> New dataset
      </Button>
      <ImportDialog dataset={null} open={open} onOpenChange={setOpen} />
    </>
  )
}

const Nothing = ({ isNarrowed }: { isNarrowed: boolean }) => (
  <EmptyState
    icon={Database}
    title={isNarrowed ? 'No dataset matches' : 'No dataset is kept yet'}
    text={
      isNarrowed
        ? 'None of this name is there.'
        : 'A dataset is a list of cases: what is asked, and what a good answer is. One line of JSON is one case:'
    }
    {...(isNarrowed
      ? {}
      : { command: { label: 'cases.jsonl', code: '{"input": "Capital of France?", "expected_output": "Paris"}' } })}
    action={isNarrowed ? null : <NewDataset />}
  />
)

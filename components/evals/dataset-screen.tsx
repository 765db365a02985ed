'use client'

import { Archive, ArchiveRestore, Download, ListTree, Plus, Upload } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel } from '@/components/ui/menu'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import { type Dataset, opsExportDataset } from '@/lib/evals/contract'
import { urlOf } from '@/lib/shared/api-client'
import { CaseEditor } from './case-editor'
import { DatasetCases } from './dataset-cases'
import { DatasetVersions } from './dataset-versions'
import { EvalNav } from './eval-nav'
import { evalsOfDataset, personOf, wordLink } from './eval-words'
import { FromTracesDialog } from './from-traces-dialog'
import { ImportDialog } from './import-dialog'
import { StartEval } from './start-dialog'
import { useDatasetPlace } from './use-dataset-place'
import { useArchive, useDataset } from './use-datasets'

export const DatasetScreen = ({ name }: { name: string }) => {
  const place = useDatasetPlace()
  const query = useDataset(name, place.wire)
  const dataset = query.data?.dataset
  return (
    <>
      <PageHeader title={name} text={dataset ? <Subject dataset={dataset} /> : 'A dataset'}>
        {dataset ? <Acts dataset={dataset} version={query.data?.version ?? dataset.version} /> : null}
      </PageHeader>
      <EvalNav here="datasets" />
      <QueryView
        query={query}
        what="This dataset"
        stillWorks="Evaluations that run with it go on."
        skeleton={<Skeleton className="h-96 rounded-md" />}
      >
        {(reply) => (
          <div className="grid gap-4">
            <DatasetCases reply={reply} place={place} />
            <DatasetVersions reply={reply} onChoose={(version) => place.go({ version, offset: null, peek: null })} />
          </div>
        )}
      </QueryView>
    </>
  )
}

const Subject = ({ dataset }: { dataset: Dataset }) => (
  <span className="flex flex-wrap items-baseline gap-x-2.5">
    {dataset.description ? <span className="break-words">{dataset.description}</span> : null}
    <span>
      v{dataset.version}, by {personOf(dataset.created_by)}, changed <RelativeTime iso={dataset.updated_at} />
    </span>
    <a href={evalsOfDataset(dataset.name)} className={wordLink}>
      Its evaluations
    </a>
    {dataset.archived_at ? <span className="text-warn">Archived</span> : null}
  </span>
)

const Acts = ({ dataset, version }: { dataset: Dataset; version: number }) => {
  const may = useMay('eval:run')
  return (
    <>
      <ExportMenu dataset={dataset} version={version} />
      {may ? <EditActs dataset={dataset} /> : null}
      {dataset.archived_at ? null : (
        <StartEval label="Evaluate with it…" initial={{ source: 'saved', dataset: dataset.name }} />
      )}
    </>
  )
}

const EditActs = ({ dataset }: { dataset: Dataset }) => {
  const [open, setOpen] = useState<'case' | 'import' | 'traces' | null>(null)
  const mayTake = useMay('trace:reveal')
  const close = (isOpen: boolean) => setOpen(isOpen ? open : null)
  return (
    <>
      <Button onClick={() => setOpen('case')}>
        <Plus aria-hidden className="size-4" /> Case
      </Button>
      <Button onClick={() => setOpen('import')}>
        <Upload aria-hidden className="size-4" /> Import…
      </Button>
      {mayTake ? (
        <Button onClick={() => setOpen('traces')}>
          <ListTree aria-hidden className="size-4" /> From traces…
        </Button>
      ) : null}
      <ArchiveAct dataset={dataset} />
      <CaseEditor dataset={dataset} one={null} open={open === 'case'} onOpenChange={close} />
      <ImportDialog dataset={dataset} open={open === 'import'} onOpenChange={close} />
      {mayTake ? <FromTracesDialog dataset={dataset} open={open === 'traces'} onOpenChange={close} /> : null}
    </>
  )
}

const ArchiveAct = ({ dataset }: { dataset: Dataset }) => {
  const archive = useArchive()
  const isGone = dataset.archived_at !== null
  const run = async () => {
    const input = { params: { name: dataset.name }, body: { archived: !isGone } }
    const answer = await archive.mutateAsync(input).catch((error: Error) => {
      notifyFailed({ text: 'It could not be done', detail: error.message })
      return null
    })
    if (!answer) return
    const text = isGone
      ? `${dataset.name} is back in the list`
      : `${dataset.name} is archived; nothing of it is deleted`
    notifyDone({ text, auditHref: auditHref(answer.requestId) })
  }
  const Icon = isGone ? ArchiveRestore : Archive
  return (
    <Button pending={archive.isPending} onClick={() => void run()} title="Nothing is deleted; it can be brought back">
      <Icon aria-hidden className="size-4" /> {isGone ? 'Bring back' : 'Archive'}
    </Button>
  )
}

const FORMATS = ['jsonl', 'json', 'csv'] as const

const ExportMenu = ({ dataset, version }: { dataset: Dataset; version: number }) => {
  const trigger = (
    <Button>
      <Download aria-hidden className="size-4" /> Export
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Export">
      <MenuLabel>All cases of v{version}</MenuLabel>
      {FORMATS.map((format) => (
        <MenuItem key={format} asChild>
          <a href={urlOf(opsExportDataset, { params: { name: dataset.name }, query: { version, format } })} download>
            {format === 'jsonl' ? 'JSON lines' : format.toUpperCase()}
          </a>
        </MenuItem>
      ))}
    </Menu>
  )
}

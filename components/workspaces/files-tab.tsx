'use client'

import { FilePlus2, History } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { rolesWith } from '@/lib/shared/rbac'
import { countOf, entriesOf, NO_DRAFT } from './draft'
import type { VersionFile } from './file-pane'
import { FilePane } from './file-pane'
import { FileTreeView } from './file-tree-view'
import { NewFileDialog } from './new-file-dialog'
import { SaveDialog } from './save-dialog'
import type { TabProps } from './tab-props'
import { useVersionFiles } from './use-workspaces'
import { VersionChoice } from './version-choice'

const FIRST_SHOWN = ['SOUL.md', 'AGENTS.md', 'IDENTITY.md']

const firstOf = (files: readonly VersionFile[]): string | null =>
  FIRST_SHOWN.find((name) => files.some(({ path }) => path === name)) ?? files[0]?.path ?? null

export const FilesTab = (props: TabProps) => {
  const query = useVersionFiles(props.id, props.shown)
  return (
    <QueryView query={query} what="The files of this version" skeleton={<Skeleton className="h-96 rounded-md" />}>
      {({ files }) => <Files {...props} files={files} />}
    </QueryView>
  )
}

type FilesProps = TabProps & { files: readonly VersionFile[] }

const Files = ({ files, ...props }: FilesProps) => {
  const { shown, latest, place, drafting } = props
  const [draft, setDraft] = drafting
  const mayEdit = useMay('workspace:edit')
  const isDrafted = draft.base === shown
  const isEditable = mayEdit && (isDrafted || (draft.base === null && shown === latest.version_hash))
  const entries = entriesOf(
    files.map(({ path }) => path),
    isDrafted ? draft : NO_DRAFT,
  )
  const chosen = place.file ?? firstOf(files)
  return (
    <div className="grid gap-3">
      <FilesHead {...props} isEditable={isEditable} taken={entries.map(({ path }) => path)} />
      <div className="grid items-start gap-4 sheet:grid-cols-[minmax(200px,260px)_minmax(0,1fr)]">
        <div className="max-h-[40vh] overflow-y-auto rounded-md border border-line bg-surface p-2 sheet:max-h-[70vh]">
          <FileTreeView entries={entries} chosen={chosen} onChoose={(file) => place.go({ file })} />
        </div>
        {chosen === null ? null : (
          <FilePane
            key={`${shown} ${chosen}`}
            workspaceId={props.id}
            hash={shown}
            path={chosen}
            about={files.find(({ path }) => path === chosen)}
            state={entries.find(({ path }) => path === chosen)?.state ?? null}
            draft={isDrafted ? draft : NO_DRAFT}
            {...(isEditable ? { setDraft } : {})}
          />
        )}
      </div>
    </div>
  )
}

type HeadProps = TabProps & { isEditable: boolean; taken: readonly string[] }

const FilesHead = ({ id, latest, recent, place, shown, drafting, isEditable, taken }: HeadProps) => {
  const [draft, setDraft] = drafting
  const [open, setOpen] = useState<'new' | 'save' | null>(null)
  const count = countOf(draft)
  const write = (path: string) => {
    setDraft({ base: shown, changed: { ...draft.changed, [path]: '' }, deleted: draft.deleted })
    place.go({ file: path })
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <VersionChoice
        label="Version"
        value={shown}
        recent={recent}
        onChoose={(hash) => place.go({ version: hash === latest.version_hash && draft.base === null ? null : hash })}
      />
      <WhyNot {...{ isEditable, latest, shown, draft, place }} />
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {isEditable ? (
          <Button onClick={() => setOpen('new')}>
            <FilePlus2 aria-hidden className="size-4" /> New file…
          </Button>
        ) : null}
        {count > 0 ? (
          <Button look="primary" aria-keyshortcuts="Control+S" data-save-version onClick={() => setOpen('save')}>
            Save version… ({count})
          </Button>
        ) : null}
      </div>
      <NewFileDialog
        open={open === 'new'}
        onOpenChange={(on) => setOpen(on ? 'new' : null)}
        taken={taken}
        onMake={write}
      />
      <SaveDialog
        id={id}
        open={open === 'save'}
        onOpenChange={(on) => setOpen(on ? 'save' : null)}
        draft={draft}
        setDraft={setDraft}
        latest={latest}
        onSaved={() => place.go({ version: null })}
      />
    </div>
  )
}

type WhyProps = Pick<TabProps, 'latest' | 'shown' | 'place'> & {
  isEditable: boolean
  draft: TabProps['drafting'][0]
}

// Why one cannot write here, and where one can.
const WhyNot = ({ isEditable, latest, shown, draft, place }: WhyProps) => {
  const may = useMay('workspace:edit')
  if (isEditable) return null
  if (!may)
    return (
      <p className="text-ink-muted text-table">To edit one needs to be {needsRole(rolesWith('workspace:edit'))}.</p>
    )
  const goal = draft.base ?? latest.version_hash
  return (
    <p className="flex flex-wrap items-center gap-2 text-ink-muted text-table">
      <History aria-hidden className="size-4" />
      {shown === latest.version_hash
        ? 'Your changes stand on another version.'
        : 'An earlier version: it never changes.'}
      <Button size="small" onClick={() => place.go({ version: draft.base === null ? null : goal })}>
        {draft.base === null ? 'Edit the last one' : 'To your changes'}
      </Button>
    </p>
  )
}

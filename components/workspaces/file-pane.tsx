'use client'

import { FileX2, RotateCcw, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId } from 'react'
import type { z } from 'zod'
import { LongText } from '@/components/spans/long-text'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Textarea } from '@/components/ui/field'
import { formatBytes, formatCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { VersionFileAbout } from '@/lib/workspace/contract/version'
import { type Draft, type FileState, remove, restore, write } from './draft'
import { useVersionFile } from './use-workspaces'

export type VersionFile = z.output<typeof VersionFileAbout>

type FilePaneProps = {
  workspaceId: string
  hash: string
  path: string
  // As it is saved; undefined for a new one.
  about: VersionFile | undefined
  state: FileState | null
  draft: Draft
  // Where one may write.
  setDraft?: (next: Draft) => void
}

const STATES: Partial<Record<FileState, ReactNode>> = {
  changed: <Badge tone="info">Changed, not saved</Badge>,
  added: <Badge tone="ok">New, not saved</Badge>,
  deleted: <Badge tone="bad">Deleted, not saved</Badge>,
}

export const FilePane = (props: FilePaneProps) => {
  const { path, about, state, setDraft, draft, hash } = props
  if (state === null) return <Missing path={path} />
  return (
    <section aria-label={path} className="min-w-0 rounded-md border border-line bg-surface">
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5">
        <h2 className="min-w-0 break-all font-mono font-semibold text-ink text-table">{path}</h2>
        {STATES[state]}
        {about?.executable ? <Badge>Executable</Badge> : null}
        {about ? (
          <span className="flex items-center gap-3 text-ink-muted text-meta">
            {formatBytes(about.size)} <CopyId id={about.hash} what="hash of the file" />
          </span>
        ) : null}
        {setDraft ? (
          <span className="ml-auto flex gap-2">
            {state === 'changed' || state === 'deleted' ? (
              <Button size="small" onClick={() => setDraft(restore(draft, path))}>
                <RotateCcw aria-hidden className="size-3.5" /> As saved
              </Button>
            ) : null}
            {state === 'deleted' ? null : (
              <Button
                size="small"
                look="danger"
                onClick={() => setDraft(remove(draft, hash, path, about !== undefined))}
              >
                <Trash2 aria-hidden className="size-3.5" /> Delete file
              </Button>
            )}
          </span>
        ) : null}
      </header>
      <Body {...props} />
    </section>
  )
}

const Missing = ({ path }: { path: string }) => (
  <section className="rounded-md border border-line bg-surface px-4 py-10 text-center text-ink-muted text-table">
    <FileX2 aria-hidden className="mx-auto mb-2 size-5" />
    There is no <span className="break-all font-mono">{path}</span> in this version.
  </section>
)

const Body = (props: FilePaneProps) => {
  const { workspaceId, hash, path, about, draft } = props
  const isBinary = about?.encoding === 'base64'
  const query = useVersionFile(workspaceId, hash, about && !isBinary ? path : null)
  if (isBinary && draft.changed[path] === undefined)
    return (
      <p className="px-4 py-10 text-center text-ink-muted text-table">
        These are bytes and no text; the download of the version holds them.
      </p>
    )
  if (about === undefined) return <Content {...props} original={null} />
  return (
    <QueryView query={query} what="The file" skeleton={<Skeleton className="m-4 h-72" />}>
      {({ file }) => <Content {...props} original={file.content} />}
    </QueryView>
  )
}

const openSave = (event: KeyboardEvent) => {
  if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  document.querySelector<HTMLButtonElement>('[data-save-version]')?.click()
}

const Content = ({ path, hash, draft, state, setDraft, original }: FilePaneProps & { original: string | null }) => {
  const id = useId()
  const text = draft.changed[path] ?? original ?? ''
  if (setDraft === undefined || state === 'deleted')
    return (
      <div className="p-4">
        {text === '' ? (
          <p className="text-ink-muted text-table">This file is empty.</p>
        ) : (
          <LongText text={text} label={state === 'deleted' ? 'As it was saved' : 'Content'} />
        )}
      </div>
    )
  return (
    <div className="grid gap-1.5 p-4">
      <label htmlFor={id} className="sr-only">
        Content of {path}
      </label>
      <Textarea
        id={id}
        rows={22}
        wrap="soft"
        spellCheck={false}
        value={text}
        onKeyDown={openSave}
        onChange={(event) => setDraft(write(draft, { base: hash, path, original }, event.target.value))}
        className="min-h-72 font-mono text-meta leading-5"
      />
      <p className="flex flex-wrap justify-between gap-2 text-ink-muted text-meta">
        <span>{formatCount(text.length)} characters</span>
        <span>What you write is kept in this tab until it is saved as a version.</span>
      </p>
    </div>
  )
}

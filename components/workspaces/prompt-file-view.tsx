'use client'

import { useId } from 'react'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Textarea } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import { write } from './draft'
import type { TabProps } from './tab-props'
import { useVersionFile, useVersionFiles } from './use-workspaces'
import { linkStyle } from './workspace-words'

/** The file behind a part of the prompt, to be read or written beside it. */
export const PromptFileView = (props: TabProps & { path: string }) => {
  const { id, shown, path, drafting } = props
  const [draft] = drafting
  const files = useVersionFiles(id, shown)
  const isSaved = files.data?.files.some((file) => file.path === path) ?? false
  const query = useVersionFile(id, shown, isSaved ? path : null)
  if (draft.base === shown && !isSaved && draft.changed[path] !== undefined)
    return <Writer key={path} {...props} original={null} />
  return (
    <QueryView query={query} what="The file" skeleton={<Skeleton className="m-4 h-64" />}>
      {({ file }) => <Writer key={path} {...props} original={file.content} />}
    </QueryView>
  )
}

const Writer = ({
  path,
  shown,
  latest,
  place,
  drafting,
  original,
}: TabProps & { path: string; original: string | null }) => {
  const id = useId()
  const [draft, setDraft] = drafting
  const isDrafted = draft.base === shown
  const mayWrite = useMay('workspace:edit') && (isDrafted || (draft.base === null && shown === latest.version_hash))
  const text = (isDrafted ? draft.changed[path] : undefined) ?? original ?? ''
  return (
    <div className="grid gap-1.5 border-line border-t p-4">
      <label htmlFor={id} className="flex flex-wrap items-baseline justify-between gap-2 text-table">
        <span className="break-all font-mono text-meta">{path}</span>
        {mayWrite ? <span className="text-ink-muted text-meta">What you write shows in the prompt</span> : null}
      </label>
      <Textarea
        id={id}
        rows={16}
        spellCheck={false}
        readOnly={!mayWrite}
        value={text}
        onChange={(event) => setDraft(write(draft, { base: shown, path, original }, event.target.value))}
        className="font-mono text-meta leading-5"
      />
      {isDrafted ? (
        <p className="text-meta">
          <button type="button" className={linkStyle} onClick={() => place.go({ tab: 'files', file: path })}>
            To the files, to save a version
          </button>
        </p>
      ) : null}
    </div>
  )
}

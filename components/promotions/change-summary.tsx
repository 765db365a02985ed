'use client'

import { QueryView } from '@/components/states/query-view'
import { Skeleton } from '@/components/ui/skeleton'
import { Counts } from '@/components/workspaces/changed-text'
import { ChangesInShort } from '@/components/workspaces/named-changes'
import { useVersionDiff } from '@/components/workspaces/use-workspaces'
import { linkStyle, shortVersion, versionDiffHref } from '@/components/workspaces/workspace-words'
import type { VersionDiff } from '@/lib/workspace/contract/version-diff'

type Props = { workspaceId: string; from: string; to: string }

/** What would be another one: files, prompt, what may be done; the lines are one click away. */
export const ChangeSummary = ({ workspaceId, from, to }: Props) => {
  const query = useVersionDiff(workspaceId, from, to)
  return (
    <section aria-label="What will change" className="grid gap-2 rounded-md border border-line bg-surface px-4 py-3">
      <h2 className="flex flex-wrap items-baseline justify-between gap-2 font-medium text-ink text-table">
        What will change
        <a href={versionDiffHref(workspaceId, from, to)} className={`font-normal text-meta ${linkStyle}`}>
          {shortVersion(from)} → {shortVersion(to)}, line by line
        </a>
      </h2>
      <QueryView query={query} what="The comparison" skeleton={<Skeleton className="h-16" />}>
        {({ diff }) => (diff.is_same ? <Same /> : <InShort diff={diff} />)}
      </QueryView>
    </section>
  )
}

const Same = () => <p className="text-ink-muted text-table">No file: the two versions are the same.</p>

const MOST_FILES = 6
const WORDS = { added: 'new', modified: 'changed', deleted: 'deleted', mode: 'executable bit' } as const

const InShort = ({ diff }: { diff: VersionDiff }) => (
  <div className="grid gap-3">
    <ul className="grid gap-1 text-table">
      {diff.files.slice(0, MOST_FILES).map((file) => (
        <li key={file.path} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="min-w-0 break-all font-mono text-meta">{file.path}</span>
          <span className="text-ink-muted text-meta">{WORDS[file.status]}</span>
          {file.is_binary ? null : <Counts added={file.lines_added} removed={file.lines_removed} />}
        </li>
      ))}
      {diff.files.length > MOST_FILES ? (
        <li className="text-ink-muted text-meta">and {diff.summary.files_changed - MOST_FILES} more files</li>
      ) : null}
    </ul>
    <PromptLine diff={diff} />
    <ChangesInShort diff={diff} />
  </div>
)

const PromptLine = ({ diff }: { diff: VersionDiff }) => {
  if (diff.prompts.length === 0) return <p className="text-ink-muted text-table">The prompt stays as it is.</p>
  const [first] = diff.prompts
  const delta = first ? first.new_size - first.old_size : 0
  return (
    <p className="break-words text-ink-soft text-table">
      The prompt changes for {diff.prompts.map(({ role }) => role).join(', ')}
      {first ? `: ${delta > 0 ? '+' : delta < 0 ? '−' : '±'}${Math.abs(delta)} characters for ${first.role}` : ''}.
    </p>
  )
}

'use client'

import { Equal, GitCompareArrows } from 'lucide-react'
import { plural } from '@/components/traces/trace-words'
import { Skeleton } from '@/components/ui/skeleton'
import { Counts } from '@/components/workspaces/changed-text'
import { useVersionDiff } from '@/components/workspaces/use-workspaces'
import { linkStyle, versionDiffHref } from '@/components/workspaces/workspace-words'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import type { VersionDiff } from '@/lib/workspace/contract/version-diff'
import { pinDifferences } from './environment-words'

type Props = { workspaceId: string; here: EnvironmentView; before: EnvironmentView }

/** What the environment before it has that this one has not yet. */
export const Neighbour = ({ workspaceId, here, before }: Props) => {
  if (!here.pin || !before.pin) return null
  const others = pinDifferences(before.pin, here.pin)
  const isSame = here.pin.version_hash === before.pin.version_hash
  if (isSame && others.length === 0)
    return (
      <p className="flex items-center gap-1.5 text-ink-muted text-table">
        <Equal aria-hidden className="size-3.5" /> The same as {before.environment}.
      </p>
    )
  return (
    <div className="grid gap-1 rounded-md bg-sunken px-3 py-2 text-table">
      <p className="flex items-center gap-1.5 font-medium text-ink">
        <GitCompareArrows aria-hidden className="size-3.5 shrink-0" />
        {before.environment} differs
      </p>
      {isSame ? null : <Files workspaceId={workspaceId} from={here.pin.version_hash} to={before.pin.version_hash} />}
      {others.map((words) => (
        <p key={words} className="break-all text-ink-soft">
          {words}
        </p>
      ))}
    </div>
  )
}

const wordsOf = (diff: VersionDiff): string[] => [
  plural(diff.summary.files_changed, 'file'),
  ...(diff.prompts.length > 0 ? [`the prompt of ${plural(diff.prompts.length, 'role')}`] : []),
  ...(diff.tools.added.length > 0 ? [`${plural(diff.tools.added.length, 'tool')} more`] : []),
  ...(diff.tools.removed.length > 0 ? [`${plural(diff.tools.removed.length, 'tool')} less`] : []),
  ...(diff.policies.length > 0 ? [plural(diff.policies.length, 'policy', 'policies')] : []),
]

const Files = ({ workspaceId, from, to }: { workspaceId: string; from: string; to: string }) => {
  const { data, error } = useVersionDiff(workspaceId, from, to)
  const href = versionDiffHref(workspaceId, from, to)
  if (!data)
    return error ? (
      <a href={href} className={linkStyle}>
        Another version
      </a>
    ) : (
      <Skeleton className="h-4 w-40" />
    )
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <a href={href} className={linkStyle}>
        {wordsOf(data.diff).join(', ')}
      </a>
      <Counts added={data.diff.summary.lines_added} removed={data.diff.summary.lines_removed} />
    </p>
  )
}

'use client'

import { GitMerge } from 'lucide-react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import type { ListedVersion } from '@/lib/workspace/contract/version'
import { carried, type Draft, NO_DRAFT } from './draft'
import { useVersionDiff, useVersionFiles } from './use-workspaces'
import { personOf, shortVersion, versionDiffHref } from './workspace-words'

type Props = { id: string; latest: ListedVersion; draft: Draft; setDraft: (next: Draft) => void }

/** Somebody saved meanwhile: nobody's words are lost, and nobody's are overwritten unseen. */
export const StaleDraft = ({ id, latest, draft, setDraft }: Props) => {
  const { data, error } = useVersionDiff(id, draft.base ?? '', latest.version_hash, draft.base !== null)
  const { data: there } = useVersionFiles(id, latest.version_hash)
  const mine = new Set([...Object.keys(draft.changed), ...draft.deleted])
  const both = data?.diff.files.filter(({ path }) => mine.has(path)).map(({ path }) => path) ?? []
  const saved = there?.files.map(({ path }) => path)
  return (
    <section aria-label="Saved meanwhile" className="grid gap-2 rounded-md bg-warn-soft px-4 py-3 text-table text-warn">
      <p className="flex items-start gap-2 font-medium">
        <GitMerge aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0">
          {personOf(latest.created_by)} saved {shortVersion(latest.version_hash)}{' '}
          <RelativeTime iso={latest.created_at} />
          {latest.message ? `: “${latest.message}”` : ''}. Your changes stand on {shortVersion(draft.base ?? '')}; they
          are not saved, and not lost.
        </span>
      </p>
      {data ? (
        <p className="break-words pl-6">
          {both.length === 0
            ? 'None of the files that you changed were changed there.'
            : `Changed there and by you: ${both.join(', ')}. Carried over, yours stands and theirs is overwritten; look first.`}
        </p>
      ) : null}
      {error ? <ErrorLine error={error} /> : null}
      <div className="flex flex-wrap gap-2 pl-6">
        <Button
          size="small"
          disabled={saved === undefined}
          onClick={() => saved && setDraft(carried(draft, latest.version_hash, saved))}
        >
          Carry mine over to {shortVersion(latest.version_hash)}
        </Button>
        <Button size="small" asChild>
          <a href={versionDiffHref(id, draft.base ?? '', latest.version_hash)}>See what changed</a>
        </Button>
        <Button size="small" look="danger" onClick={() => setDraft(NO_DRAFT)}>
          Drop my changes
        </Button>
      </div>
    </section>
  )
}

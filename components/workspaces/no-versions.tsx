'use client'

import { FolderTree } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { notifyDone } from '@/components/ui/toast'
import { useSaveCurrent, useWorkspaces } from './use-workspaces'

/** A workspace of files alone: this is where it begins to have versions. */
export const NoVersions = ({ id }: { id: string }) => {
  const { data } = useWorkspaces({ q: id })
  const hasFolder = data?.workspaces.find((one) => one.workspace_id === id)?.has_folder ?? false
  return (
    <section aria-label="No version" className="rounded-md border border-line bg-surface">
      <EmptyState
        icon={FolderTree}
        title="No version of this workspace is saved yet"
        text={
          hasFolder
            ? 'Runs get the files of its folder as they are. A version is what can be edited here, compared, pinned and promoted; the first run saves one by itself, and so does this:'
            : 'A version is what can be edited here, compared, pinned and promoted. This makes the first one:'
        }
        command={{ label: 'Push a folder', code: `clasper workspace push . --workspace ${id}` }}
        action={hasFolder ? <SaveFolder id={id} /> : null}
      />
    </section>
  )
}

const SaveFolder = ({ id }: { id: string }) => {
  const save = useSaveCurrent()
  const may = useMay('workspace:edit')
  if (!may) return <p className="text-ink-muted text-table">A release manager can also save the folder from here.</p>
  const run = async () => {
    const input = { params: { workspaceId: id }, body: { message: 'The files of the folder' } }
    const answer = await save.mutateAsync(input).catch(() => null)
    if (answer) notifyDone({ text: 'The first version is saved', auditHref: auditHref(answer.requestId) })
  }
  return (
    <div className="grid justify-items-center gap-2">
      <Button look="primary" pending={save.isPending} onClick={() => void run()}>
        Save the folder as the first version
      </Button>
      <p className="text-ink-muted text-meta">Nothing that runs changes by it.</p>
      {save.error ? <ErrorLine error={save.error} /> : null}
    </div>
  )
}

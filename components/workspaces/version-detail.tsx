'use client'

import { Download, FolderTree, GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatBytes, formatCount, formatUtc } from '@/components/ui/format'
import { Menu, MenuItem } from '@/components/ui/menu'
import { saveFile } from '@/components/ui/save-file'
import { Skeleton } from '@/components/ui/skeleton'
import { send } from '@/lib/shared/api-client'
import type { Version } from '@/lib/workspace/contract/version'
import { opsDownloadVersion } from '@/lib/workspace/contract/versions'
import { useVersion } from './use-workspaces'
import { PinnedIn } from './version-columns'
import { VersionLink } from './version-link'
import { personOf, SOURCES, shortVersion, versionDiffHref, workspaceHref } from './workspace-words'

export const VersionDetail = ({ id, hash }: { id: string; hash: string }) => {
  const query = useVersion(id, hash)
  return (
    <QueryView query={query} what="This version" skeleton={<Skeleton className="h-64" />}>
      {({ version }) => <Detail id={id} version={version} />}
    </QueryView>
  )
}

const Detail = ({ id, version }: { id: string; version: Version }) => (
  <>
    <p className="whitespace-pre-wrap break-words text-ink text-prose">
      {version.message ?? <span className="text-ink-muted">Saved without a message.</span>}
    </p>
    <Facts facts={factsOf(id, version)} />
    {version.warnings.length > 0 ? (
      <section aria-label="Warnings" className="grid gap-1 rounded-md bg-warn-soft px-3 py-2 text-table text-warn">
        {version.warnings.slice(0, 20).map((warning) => (
          <p key={warning} className="break-words">
            {warning}
          </p>
        ))}
      </section>
    ) : null}
    <Acts id={id} version={version} />
  </>
)

const factsOf = (id: string, version: Version) => [
  { name: 'Saved', value: `${formatUtc(version.created_at)} by ${personOf(version.created_by)}` },
  { name: 'From', value: SOURCES[version.source] },
  {
    name: 'Made from',
    value: version.parent_hash ? <VersionLink workspaceId={id} hash={version.parent_hash} /> : 'nothing before it',
  },
  { name: 'Holds', value: `${formatCount(version.file_count)} files, ${formatBytes(version.size)}` },
  {
    name: 'Runs in',
    value: version.pinned_in.length > 0 ? <PinnedIn version={version} /> : 'no environment',
  },
  { name: 'Hash', value: <CopyId id={version.full_hash} what="version hash" full /> },
]

const Acts = ({ id, version }: { id: string; version: Version }) => (
  <div className="flex flex-wrap gap-2">
    <Button size="small" asChild>
      <a href={workspaceHref(id, { version: version.version_hash })}>
        <FolderTree aria-hidden className="size-3.5" /> Open its files
      </a>
    </Button>
    {version.parent_hash ? (
      <Button size="small" asChild>
        <a href={versionDiffHref(id, version.parent_hash, version.version_hash)}>
          <GitCompareArrows aria-hidden className="size-3.5" /> What it changed
        </a>
      </Button>
    ) : null}
    {version.is_latest ? null : (
      <Button size="small" asChild>
        <a href={versionDiffHref(id, version.version_hash, 'latest')}>
          <GitCompareArrows aria-hidden className="size-3.5" /> What came after
        </a>
      </Button>
    )}
    <DownloadMenu id={id} hash={version.version_hash} />
  </div>
)

const FORMATS = [
  { format: 'tar', words: 'As an archive (.tar)' },
  { format: 'json', words: 'As JSON, as the API takes it' },
] as const

const DownloadMenu = ({ id, hash }: { id: string; hash: string }) => {
  const [state, setState] = useState<{ error: unknown; isBusy: boolean }>({ error: null, isBusy: false })
  const load = async (format: 'tar' | 'json') => {
    setState({ error: null, isBusy: true })
    try {
      const reply = await send(opsDownloadVersion, { params: { workspaceId: id, hash }, query: { format } })
      await saveFile(reply, `${id}-${shortVersion(hash)}.${format}`)
      setState({ error: null, isBusy: false })
    } catch (error) {
      setState({ error, isBusy: false })
    }
  }
  return (
    <>
      <Menu
        label="Formats"
        align="start"
        trigger={
          <Button size="small" pending={state.isBusy}>
            <Download aria-hidden className="size-3.5" /> Download
          </Button>
        }
      >
        {FORMATS.map(({ format, words }) => (
          <MenuItem key={format} onSelect={() => void load(format)}>
            {words}
          </MenuItem>
        ))}
      </Menu>
      {state.error ? <ErrorLine error={state.error} /> : null}
    </>
  )
}

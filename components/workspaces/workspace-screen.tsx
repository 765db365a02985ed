'use client'

import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { RelativeTime } from '@/components/ui/relative-time'
import { Tabs } from '@/components/ui/tabs'
import type { ListedVersion } from '@/lib/workspace/contract/version'
import { DiffTab } from './diff-tab'
import { FilesTab } from './files-tab'
import { NoVersions } from './no-versions'
import { PromptTab } from './prompt-tab'
import { StaleDraft } from './stale-draft'
import type { TabProps } from './tab-props'
import { useDraft } from './use-draft'
import { TABS, usePlace } from './use-place'
import { useVersions } from './use-workspaces'
import { VersionLink } from './version-link'
import { VersionsTab } from './versions-tab'
import { WorkspaceSkeleton } from './workspace-skeleton'
import { environmentsHref, linkStyle, personOf } from './workspace-words'

export const WorkspaceScreen = ({ id }: { id: string }) => {
  const query = useVersions(id, {})
  const latest = query.data?.versions[0]
  return (
    <>
      <PageHeader title={id} text={latest ? <Latest id={id} version={latest} /> : 'A workspace'}>
        <Button asChild>
          <a href={environmentsHref(id)}>Environments</a>
        </Button>
      </PageHeader>
      <QueryView
        query={query}
        what="The versions of this workspace"
        stillWorks="Agents run all the same."
        skeleton={<WorkspaceSkeleton />}
      >
        {({ versions, total }) => {
          const [head] = versions
          return head ? <Room id={id} latest={head} recent={versions} total={total} /> : <NoVersions id={id} />
        }}
      </QueryView>
    </>
  )
}

const Latest = ({ id, version }: { id: string; version: ListedVersion }) => (
  <span className="flex flex-wrap items-baseline gap-x-2">
    <VersionLink workspaceId={id} hash={version.version_hash} />
    <span className="line-clamp-1 min-w-0 max-w-[60ch] break-all" title={version.message}>
      {version.message ?? 'without a message'}
    </span>
    <span>
      by {personOf(version.created_by)}, <RelativeTime iso={version.created_at} />
    </span>
    <span>
      {version.pinned_in.length > 0 ? (
        <>
          runs in{' '}
          <a href={environmentsHref(id)} className={linkStyle}>
            {version.pinned_in.join(', ')}
          </a>
        </>
      ) : (
        'no environment is pinned to it'
      )}
    </span>
  </span>
)

type RoomProps = { id: string; latest: ListedVersion; recent: readonly ListedVersion[]; total: number }

const isTab = (value: string) => TABS.find((tab) => tab === value) ?? 'files'

// Digits of any length name the version that begins with them.
const fullOf = (asked: string | null, recent: readonly ListedVersion[]): string | null =>
  asked === null || asked === 'latest'
    ? null
    : (recent.find(({ full_hash: full }) => full.startsWith(asked.toLowerCase()))?.version_hash ?? asked)

const Room = ({ total, ...rest }: RoomProps) => {
  const place = usePlace()
  const drafting = useDraft(rest.id)
  const [draft, setDraft] = drafting
  const shown = fullOf(place.version, rest.recent) ?? draft.base ?? rest.latest.version_hash
  const props: TabProps = { ...rest, place, shown, drafting }
  const isStale = draft.base !== null && draft.base !== rest.latest.version_hash
  return (
    <div className="grid gap-4">
      {isStale ? <StaleDraft id={rest.id} latest={rest.latest} draft={draft} setDraft={setDraft} /> : null}
      <Tabs
        label="Parts of the workspace"
        value={place.tab}
        onValueChange={(tab) => place.go({ tab: isTab(tab) })}
        tabs={[
          { id: 'files', label: 'Files', content: <FilesTab {...props} /> },
          { id: 'prompt', label: 'Prompt', content: <PromptTab {...props} /> },
          { id: 'versions', label: `Versions (${total})`, content: <VersionsTab id={rest.id} /> },
          { id: 'diff', label: 'Compare', content: <DiffTab {...props} /> },
        ]}
      />
    </div>
  )
}

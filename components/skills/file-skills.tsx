'use client'

import { FolderTree } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import type { Column } from '@/components/table/column'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import type { Filters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Badge } from '@/components/ui/badge'
import { Facts } from '@/components/ui/facts'
import { workspaceHref } from '@/components/workspaces/workspace-words'
import type { SkillList, SkillView } from '@/lib/skills/contract'
import { SkillTabs } from './skill-tabs'
import { linkStyle, skillHref } from './skill-words'
import { filesWire } from './skills-query'
import { useFileSkills } from './use-skills'

const FIELDS: readonly FilterField[] = [
  { name: 'workspace_id', label: 'Workspace', kind: 'text', hint: 'The default one unless given' },
  { name: 'environment', label: 'Environment', kind: 'text', hint: 'What is pinned there' },
]

const SOURCES: Record<SkillView['source'], string> = {
  workspace: 'Its files',
  agents: '.agents/skills',
  registry: 'Registry',
}

const Offered = ({ skill }: { skill: SkillView }) => {
  if (skill.visible) return <Badge tone="ok">The model sees it</Badge>
  if (!skill.ready) return <Badge tone="warn">Not here</Badge>
  return <Badge tone="system">{skill.in_inventory ? 'Hidden' : 'Cannot be read'}</Badge>
}

const COLUMNS: readonly Column<SkillView>[] = [
  {
    id: 'name',
    header: 'Skill',
    lead: true,
    className: 'max-w-64',
    cell: (skill) => <span className="block truncate">{skill.name}</span>,
  },
  { id: 'offered', header: 'In runs', cell: (skill) => <Offered skill={skill} /> },
  { id: 'source', header: 'From', from: 'medium', cell: (skill) => SOURCES[skill.source] },
  {
    id: 'version',
    header: 'Version',
    from: 'wide',
    cell: (skill) =>
      skill.version ? (
        <a href={skillHref(skill.name, { version: skill.version })} className={`font-mono text-meta ${linkStyle}`}>
          {skill.version}
        </a>
      ) : (
        <span className="text-ink-muted">With the files</span>
      ),
  },
  {
    id: 'why',
    header: 'Note',
    from: 'wide',
    className: 'max-w-80',
    cell: (skill) => (
      <span className="block truncate text-ink-muted" title={noteOf(skill)}>
        {noteOf(skill)}
      </span>
    ),
  },
]

const noteOf = (skill: SkillView): string => skill.gate_reason ?? skill.warnings[0] ?? skill.description

const keyOf = ({ source, location }: SkillView): string => `${source}:${location}`

/** What the model of one workspace gets to see: skills of its files beside those of the registry. */
export const FileSkills = ({ filters }: { filters: Filters }) => {
  const wire = filesWire(filters.wire)
  const query = useFileSkills(wire)
  const peek = usePeek()
  const chosen = query.data?.skills.find((skill) => keyOf(skill) === peek.id)
  return (
    <div className="flex items-start gap-4">
      <section
        aria-label="Skills of a workspace"
        className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
      >
        <SkillTabs view="files" />
        <FilterBar filters={filters} fields={FIELDS}>
          {query.data ? (
            <p className="text-ink-muted text-meta">
              {query.data.enabled} of {query.data.total} can run on this host
            </p>
          ) : null}
        </FilterBar>
        <QueryView
          query={query}
          what="The skills of this workspace"
          stillWorks="The registry can still be seen."
          skeleton={<TableSkeleton columns={COLUMNS} rows={6} />}
        >
          {(list) => (
            <Rows list={list} workspace={String(wire['workspace_id'] ?? '')} stale={query.isPlaceholderData} />
          )}
        </QueryView>
      </section>
      <PeekPanel peek={peek} title={chosen?.name ?? 'Skill'}>
        {chosen ? <Detail skill={chosen} /> : <p className="text-ink-muted text-table">It is not in this list.</p>}
      </PeekPanel>
    </div>
  )
}

const Rows = ({ list, workspace, stale }: { list: SkillList; workspace: string; stale: boolean }) =>
  list.skills.length === 0 ? (
    <EmptyState
      icon={FolderTree}
      title="This workspace has no skills"
      text="A folder with a SKILL.md below skills/ is one; skills/registry.yaml names those of the registry that its runs get."
      command={{ label: 'skills/registry.yaml', code: 'refund-desk: latest' }}
      action={
        workspace === '' ? null : (
          <a href={workspaceHref(workspace)} className={linkStyle}>
            Its files
          </a>
        )
      }
    />
  ) : (
    <DataTable caption="Skills of this workspace" columns={COLUMNS} rows={list.skills} rowId={keyOf} stale={stale} />
  )

const Detail = ({ skill }: { skill: SkillView }) => (
  <>
    <p className="flex flex-wrap items-center gap-2">
      <Offered skill={skill} />
    </p>
    <p className="break-words text-ink text-prose">{skill.description}</p>
    {skill.gate_reason ? <p className="break-words text-table text-warn">{skill.gate_reason}</p> : null}
    <Facts
      facts={[
        { name: 'From', value: SOURCES[skill.source] },
        { name: 'At', value: <span className="break-all font-mono text-meta">{skill.location}</span> },
        ...(skill.version
          ? [{ name: 'Version', value: `${skill.version}${skill.state ? `, ${skill.state}` : ''}` }]
          : []),
        { name: 'May use', value: skill.allowed_tools.join(', ') || 'What the agent may use' },
        { name: 'Own tools', value: skill.http_tools.join(', ') || 'None' },
      ]}
    />
    {skill.warnings.length > 0 ? (
      <ul className="grid gap-1 text-table text-warn">
        {skill.warnings.map((warning) => (
          <li key={warning} className="break-words">
            {warning}
          </li>
        ))}
      </ul>
    ) : null}
  </>
)

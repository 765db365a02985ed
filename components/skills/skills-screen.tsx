'use client'

import { Puzzle } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { SearchBox } from '@/components/table/search-box'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { FileSkills } from './file-skills'
import { PublishSkill } from './publish-dialog'
import { SignersPanel } from './signers-panel'
import { SKILL_COLUMNS } from './skill-columns'
import { SkillPeek } from './skill-peek'
import { SkillTabs } from './skill-tabs'
import { SKILLS_TEXT, skillHref } from './skill-words'
import { registryWire, skillsPage, stateIn, viewOf } from './skills-query'
import { StateChoice, StateList } from './state-list'
import { useRegistry, useSkillScores } from './use-skills'

export const SkillsScreen = () => {
  const filters = useFilters(skillsPage)
  const view = viewOf(filters.wire)
  return (
    <>
      <PageHeader title="Skills" text={SKILLS_TEXT}>
        <PublishSkill />
      </PageHeader>
      {view === 'registry' ? <Registry filters={filters} /> : null}
      {view === 'files' ? <FileSkills filters={filters} /> : null}
      {view === 'signers' ? <SignersPanel /> : null}
    </>
  )
}

const Registry = ({ filters }: { filters: Filters }) => {
  const wire = registryWire(filters.wire)
  const state = stateIn(filters.wire)
  const query = useRegistry(wire)
  const scores = useSkillScores()
  const peek = usePeek()
  const rows = (query.data?.skills ?? []).map((row) => ({
    ...row,
    score: scores.get(`${row.name}@${row.version}`) ?? null,
  }))
  return (
    <div className="flex items-start gap-4">
      <section aria-label="Registry" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
        <SkillTabs view="registry" />
        <search className="flex flex-wrap items-center gap-2 px-4 py-2" aria-label="Filters">
          {state === null ? <SearchBox filters={filters} name="q" label="Search by name or description" /> : null}
          <StateChoice filters={filters} state={state} />
        </search>
        {state === null ? null : <StateList state={state} />}
        {state === null ? (
          <QueryView
            query={query}
            what="The skills"
            stillWorks="Agents run with them all the same."
            skeleton={<TableSkeleton columns={SKILL_COLUMNS} rows={8} />}
          >
            {(page) =>
              page.skills.length === 0 ? (
                <Nothing isNarrowed={wire['q'] !== undefined} />
              ) : (
                <>
                  <DataTable
                    caption="Skills of the registry, by name"
                    columns={SKILL_COLUMNS}
                    rows={rows}
                    rowId={({ name }) => name}
                    hrefOf={(name) => skillHref(name)}
                    stale={query.isPlaceholderData}
                  />
                  <Pages filters={filters} page={page} />
                </>
              )
            }
          </QueryView>
        ) : null}
      </section>
      <PeekPanel peek={peek} title={peek.id ?? 'Skill'}>
        {peek.id ? <SkillPeek key={peek.id} name={peek.id} row={rows.find(({ name }) => name === peek.id)} /> : null}
      </PeekPanel>
    </div>
  )
}

const USUAL = 50

type Page = { skills: readonly unknown[]; total: number; has_more: boolean }

const Pages = ({ filters, page }: { filters: Filters; page: Page }) => {
  const [offset, limit] = [Number(filters.wire['offset'] ?? 0), Number(filters.wire['limit'] ?? USUAL)]
  if (!page.has_more && offset === 0) return null
  return <OffsetPager filters={filters} page={{ ...page, offset, limit }} shown={page.skills.length} noun="skills" />
}

const Nothing = ({ isNarrowed }: { isNarrowed: boolean }) => (
  <EmptyState
    icon={Puzzle}
    title={isNarrowed ? 'No skill has these words' : 'No skill is published yet'}
    text={
      isNarrowed
        ? 'Names and descriptions of the latest versions are looked through; deprecated ones are left out.'
        : 'A skill is a SKILL.md or a manifest: instructions, the tools it may use, and tests. This publishes one:'
    }
    {...(isNarrowed ? {} : { command: { label: 'Publish a folder', code: 'clasper skill publish ./my-skill' } })}
    action={isNarrowed ? null : <PublishSkill />}
  />
)

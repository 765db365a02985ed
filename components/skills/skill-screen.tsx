'use client'

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { CodeBlock } from '@/components/ui/code-block'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import { LifeCard } from './life-card'
import { RunTests } from './run-tests-dialog'
import { SkillStateBadge } from './skill-badges'
import { SkillOverview } from './skill-overview'
import { type Skill, STATES } from './skill-words'
import { TestsTab } from './tests-tab'
import { useSkill, useSkillVersions } from './use-skills'
import { VersionsTab } from './versions-tab'

const TABS = ['overview', 'instructions', 'manifest', 'tests', 'versions'] as const

const FIELDS = { version: parseAsString, tab: parseAsStringLiteral(TABS).withDefault('overview') }

export const SkillScreen = ({ name }: { name: string }) => {
  const [place, write] = useQueryStates(FIELDS, { history: 'push' })
  const query = useSkill(name, place.version)
  return (
    <>
      <PageHeader title={name} text={query.data?.skill.description ?? 'A skill'}>
        {query.data ? (
          <>
            <VersionChoice skill={query.data.skill} onChoose={(version) => void write({ version })} />
            <RunTests skill={query.data.skill} onDone={() => void write({ tab: 'tests' })} />
          </>
        ) : null}
      </PageHeader>
      <QueryView
        query={query}
        what={place.version === null ? 'This skill' : `Version ${place.version} of this skill`}
        stillWorks="Agents run with it all the same."
        skeleton={<SkillSkeleton />}
      >
        {({ skill }) => (
          <div className="grid gap-4">
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-table">
              <span className="font-mono">{skill.version}</span>
              <SkillStateBadge state={skill.state} />
              {STATES[skill.state].means}
            </p>
            <LifeCard skill={skill} />
            <Tabs
              label="Parts of the skill"
              value={place.tab}
              onValueChange={(tab) => void write({ tab: TABS.find((one) => one === tab) ?? 'overview' })}
              tabs={[
                { id: 'overview', label: 'Overview', content: <SkillOverview skill={skill} /> },
                { id: 'instructions', label: 'Instructions', content: <Instructions skill={skill} /> },
                { id: 'manifest', label: 'Manifest', content: <Manifest skill={skill} /> },
                { id: 'tests', label: 'Tests', content: <TestsTab skill={skill} /> },
                { id: 'versions', label: 'Versions', content: <VersionsTab name={name} shown={skill.version} /> },
              ]}
            />
          </div>
        )}
      </QueryView>
    </>
  )
}

const VersionChoice = ({ skill, onChoose }: { skill: Skill; onChoose: (version: string) => void }) => {
  const { data } = useSkillVersions(skill.name)
  const items = data?.items ?? [skill]
  return (
    <Select
      aria-label="Version"
      options={items.map(({ version, state }) => ({ value: version, label: `${version}, ${STATES[state].name}` }))}
      value={skill.version}
      onChange={(event) => onChoose(event.target.value)}
    />
  )
}

const Instructions = ({ skill }: { skill: Skill }) => (
  <CodeBlock code={skill.instructions} label="What the model reads, as it was published" />
)

const Manifest = ({ skill }: { skill: Skill }) => {
  const { instructions: _said, ...rest } = skill.manifest
  return <CodeBlock code={JSON.stringify(rest, null, 2)} label="The manifest without its instructions" />
}

const SkillSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-5 w-80" />
    <Skeleton className="h-36 rounded-md" />
    <Skeleton className="h-80 rounded-md" />
  </div>
)

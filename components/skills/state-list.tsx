'use client'

import { Puzzle } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import type { Filters } from '@/components/table/use-filters'
import { RelativeTime } from '@/components/ui/relative-time'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { SkillStateBadge } from './skill-badges'
import { LIFE, linkStyle, type SkillState, STATES, skillHref } from './skill-words'
import { useSkillsByState } from './use-skills'

const OPTIONS = [
  { value: '', label: 'The latest of each' },
  ...LIFE.map((value) => ({ value, label: `Versions that are ${STATES[value].name.toLowerCase()}` })),
]

type ChoiceProps = { filters: Filters; state: SkillState | null }

export const StateChoice = ({ filters, state }: ChoiceProps) => (
  <Select
    aria-label="Versions shown"
    options={OPTIONS}
    value={state ?? ''}
    onChange={(event) => filters.change({ state: event.target.value === '' ? null : event.target.value })}
  />
)

/** All versions in one state, also of skills whose latest version is in another: what waits, and what is out of use. */
export const StateList = ({ state }: { state: SkillState }) => (
  <QueryView
    query={useSkillsByState(state)}
    what="The versions in this state"
    skeleton={<Skeleton className="m-4 h-32" />}
  >
    {({ skills }) =>
      skills.length === 0 ? (
        <EmptyState
          icon={Puzzle}
          title={`No version is ${STATES[state].name.toLowerCase()}`}
          text={STATES[state].means}
        />
      ) : (
        <ul
          aria-label={`Versions that are ${STATES[state].name.toLowerCase()}`}
          className="divide-y divide-line border-line border-t"
        >
          {skills.map((one) => (
            <li
              key={`${one.name} ${one.version}`}
              className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-table"
            >
              <a
                href={skillHref(one.name, { version: one.version })}
                className={`min-w-0 break-all font-medium ${linkStyle}`}
              >
                {one.name} <span className="font-mono text-meta">{one.version}</span>
              </a>
              <SkillStateBadge state={one.state} />
              <span className="min-w-0 grow basis-48 truncate text-ink-soft">{one.description}</span>
              <span className="text-ink-muted text-meta">
                published <RelativeTime iso={one.published_at} />
              </span>
            </li>
          ))}
        </ul>
      )
    }
  </QueryView>
)

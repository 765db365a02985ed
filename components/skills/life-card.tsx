'use client'

import { Check } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { rolesWith } from '@/lib/shared/rbac'
import { PromoteDialog } from './promote-dialog'
import { LIFE, type Skill, type SkillState, STATES, skillHref, wordLink } from './skill-words'
import { usePassedRun } from './use-skills'

/** Where a version stands on its way, what each next state asks for, and the way there. */
export const LifeCard = ({ skill }: { skill: Skill }) => (
  <Card title="State">
    <div className="grid gap-4">
      <Road state={skill.state} />
      <Next skill={skill} />
    </div>
  </Card>
)

const Road = ({ state }: { state: SkillState }) => {
  const here = LIFE.indexOf(state)
  const road = state === 'deprecated' ? LIFE : LIFE.slice(0, 4)
  return (
    <ol aria-label="The way of a version" className="flex flex-wrap items-center gap-y-2 text-table">
      {road.map((one, at) => (
        <li key={one} aria-current={one === state ? 'step' : undefined} className="flex items-center">
          {at > 0 ? <span aria-hidden className="mx-2 h-px w-6 bg-line-strong" /> : null}
          <span
            className={cn(
              'flex h-7 items-center gap-1.5 rounded-md border px-2.5',
              one === state ? 'border-accent-line bg-accent-soft font-medium text-ink' : 'border-line text-ink-muted',
            )}
          >
            {at < here && state !== 'deprecated' ? <Check aria-label="done" className="size-3.5 text-ok" /> : null}
            {STATES[one].name}
          </span>
        </li>
      ))}
    </ol>
  )
}

const Next = ({ skill }: { skill: Skill }) => {
  const may = useMay('skill:promote')
  if (skill.next_states.length === 0)
    return <p className="text-ink-muted text-table">Nothing follows it. A change is a new version.</p>
  return (
    <div className="grid gap-3">
      <ul aria-label="What may follow" className="divide-y divide-line rounded-md border border-line">
        {skill.next_states.map((target) => (
          <NextLine key={target} skill={skill} target={target} may={may} />
        ))}
      </ul>
      {may ? null : (
        <p className="text-ink-muted text-table">
          To change its state one needs to be {needsRole(rolesWith('skill:promote'))}.
        </p>
      )}
    </div>
  )
}

const NextLine = ({ skill, target, may }: { skill: Skill; target: SkillState; may: boolean }) => {
  const [open, setOpen] = useState(false)
  const isBack = LIFE.indexOf(target) < LIFE.indexOf(skill.state)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-3 py-2 text-table">
      <span className="w-24 font-medium text-ink">
        {isBack ? 'Back to ' : ''}
        {STATES[target].name}
      </span>
      <span className="min-w-0 grow basis-64 text-ink-soft">
        {skill.state === 'draft' && target === 'tested' ? <TestsSay skill={skill} /> : STATES[target].asks}
      </span>
      {may ? (
        <>
          <Button size="small" look={target === 'deprecated' ? 'danger' : 'plain'} onClick={() => setOpen(true)}>
            {STATES[target].name}…
          </Button>
          <PromoteDialog skill={skill} target={target} open={open} onOpenChange={setOpen} />
        </>
      ) : null}
    </li>
  )
}

const TestsSay = ({ skill }: { skill: Skill }) => {
  const { isKnown, passed, last } = usePassedRun(skill)
  const tests = skillHref(skill.name, { version: skill.version, tab: 'tests' })
  if (!isKnown) return <>{STATES.tested.asks}</>
  if (passed)
    return (
      <>
        <a href={tests} className={wordLink}>
          {passed.pass_count} of {passed.pass_count} tests passed
        </a>{' '}
        on exactly this content.
      </>
    )
  return (
    <>
      Asks for a test run that passed on exactly this content:{' '}
      <a href={tests} className={wordLink}>
        {last ? `the last one failed ${last.fail_count} of ${last.fail_count + last.pass_count}` : 'none has been made'}
      </a>
      .
    </>
  )
}

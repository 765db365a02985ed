'use client'

import { QueryView } from '@/components/states/query-view'
import { Money, none } from '@/components/traces/trace-cells'
import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { VersionStats } from '@/lib/skills/contract'
import { SkillStateBadge } from './skill-badges'
import { evalsOfSkill, linkStyle, percent, skillCostHref, skillHref, wordLink } from './skill-words'
import { useSkillStats, useSkillVersions } from './use-skills'

const head = 'h-9 whitespace-nowrap border-line border-b px-3 text-left font-medium text-ink-muted text-meta'
const cell = 'h-9 whitespace-nowrap border-line border-b px-3'

/** All versions side by side: how each did in runs, tests and evaluations. */
export const VersionsTab = ({ name, shown }: { name: string; shown: string }) => (
  <QueryView
    query={useSkillStats(name)}
    what="How its versions did"
    skeleton={<Skeleton className="h-48 rounded-md" />}
  >
    {({ days, versions }) => (
      <section aria-label="Versions" className="grid gap-2">
        <p className="text-ink-muted text-table">
          Runs of the last {days} days, of every kind: tests and evaluations too. Highest version first.
        </p>
        <div className="overflow-x-auto rounded-md border border-line bg-surface">
          <table className="w-full border-separate border-spacing-0 text-table">
            <caption className="sr-only">Versions of {name}</caption>
            <Head />
            <tbody>
              {versions.map((one) => (
                <Row key={one.version} name={name} one={one} isShown={one.version === shown} />
              ))}
            </tbody>
          </table>
        </div>
        <Published name={name} />
      </section>
    )}
  </QueryView>
)

const Head = () => (
  <thead>
    <tr>
      {['Version', 'State'].map((text) => (
        <th key={text} scope="col" className={head}>
          {text}
        </th>
      ))}
      {['Runs', 'Failed', 'Cost', 'A run', 'Tests', 'Eval', 'Last used'].map((text) => (
        <th key={text} scope="col" className={cn(head, 'text-right')}>
          {text}
        </th>
      ))}
    </tr>
  </thead>
)

const Tests = ({ name, one }: { name: string; one: VersionStats }) => {
  const { runs, last_status: status, last_pass_rate: rate } = one.tests
  if (runs === 0 || status === null) return <span className="text-ink-muted">Not run</span>
  return (
    <a href={skillHref(name, { version: one.version, tab: 'tests' })} className={linkStyle}>
      {status === 'passed' ? 'Passed' : `${percent(rate ?? 0)} passed`}
    </a>
  )
}

const Score = ({ one }: { one: VersionStats }) => {
  const { last_id: id, pass_rate: rate } = one.evals
  if (id === null) return none
  return (
    <a href={`/ops/evals/${id}`} className={linkStyle}>
      {rate === null ? 'open' : percent(rate)}
    </a>
  )
}

const Row = ({ name, one, isShown }: { name: string; one: VersionStats; isShown: boolean }) => {
  const isUsed = one.usage_count > 0
  return (
    <tr aria-current={isShown || undefined} className={cn(isShown && 'bg-accent-soft')}>
      <th scope="row" className={cn(cell, 'text-left font-normal')}>
        <a href={skillHref(name, { version: one.version })} className={`font-mono text-meta ${linkStyle}`}>
          {one.version}
        </a>
      </th>
      <td className={cell}>
        <SkillStateBadge state={one.state} />
      </td>
      <td className={cn(cell, 'text-right')}>{formatCount(one.usage_count)}</td>
      <td className={cn(cell, 'text-right', one.error_count > 0 && 'text-bad')}>
        {isUsed ? <span title={`${formatCount(one.error_count)} runs`}>{percent(one.error_rate)}</span> : none}
      </td>
      <td className={cn(cell, 'text-right')}>
        {isUsed ? (
          <a href={skillCostHref} className={linkStyle}>
            <Money micro={one.total_cost_micro_usd} />
          </a>
        ) : (
          none
        )}
      </td>
      <td className={cn(cell, 'text-right')}>
        {isUsed ? <Money micro={one.total_cost_micro_usd / one.usage_count} /> : none}
      </td>
      <td className={cn(cell, 'text-right')}>
        <Tests name={name} one={one} />
      </td>
      <td className={cn(cell, 'text-right')}>
        <Score one={one} />
      </td>
      <td className={cn(cell, 'text-right')}>
        {one.last_used ? <RelativeTime iso={one.last_used} /> : <span className="text-ink-muted">Never</span>}
      </td>
    </tr>
  )
}

const Published = ({ name }: { name: string }) => {
  const { data } = useSkillVersions(name)
  const [newest] = data?.items ?? []
  return (
    <p className="flex flex-wrap gap-x-4 text-ink-muted text-table">
      {newest ? (
        <span>
          {newest.version} was published <RelativeTime iso={newest.published_at} />
          {newest.signed_by ? ` and signed by ${newest.signed_by}` : ', not signed'}.
        </span>
      ) : null}
      <a href={evalsOfSkill(name)} className={wordLink}>
        All evaluations of it
      </a>
    </p>
  )
}

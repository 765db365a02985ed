'use client'

import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { ErrorLine } from '@/components/states/error-state'
import { Badge } from '@/components/ui/badge'
import { Skeleton } from '@/components/ui/skeleton'
import { type PermissionChange, permissionChanges, permissionsOf } from './manifest-parts'
import { type Skill, skillHref, wordLink } from './skill-words'
import { useSkill, useSkillVersions } from './use-skills'

const olderThan = (version: string, all: readonly string[]): string | null => all[all.indexOf(version) + 1] ?? null

/** What it may do that the version before it may not. */
export const PermissionDiffView = ({ skill }: { skill: Skill }) => {
  const versions = useSkillVersions(skill.name)
  const before = versions.data ? olderThan(skill.version, versions.data.versions) : null
  const other = useSkill(skill.name, before, before !== null)
  const error = versions.error ?? (before === null ? null : other.error)
  if (error) return <ErrorLine error={error} />
  if (!versions.data || (before !== null && !other.data)) return <Skeleton className="h-16 rounded-md" />
  const changes = permissionChanges(permissionsOf(other.data?.skill.manifest ?? {}), permissionsOf(skill.manifest))
  return (
    <section aria-label="Permissions against the version before" className="grid gap-2">
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-medium text-ink text-table">
        {before === null ? (
          'The first version; all that it may do is new'
        ) : (
          <>
            Against{' '}
            <a href={skillHref(skill.name, { version: before })} className={`font-mono text-meta ${wordLink}`}>
              {before}
            </a>
          </>
        )}
      </h3>
      {before === null && changes.every(({ tone }) => tone === 'narrower') ? (
        <p className="text-ink-muted text-table">It asks for no tools.</p>
      ) : null}
      {before !== null && changes.length === 0 ? (
        <p className="text-ink-muted text-table">It may do exactly what the version before may.</p>
      ) : null}
      <ul className="grid gap-1">
        {changes
          .filter((change) => before !== null || change.tone === 'wider')
          .map((change) => (
            <ChangeLine key={`${change.tone} ${change.text}`} change={change} />
          ))}
      </ul>
    </section>
  )
}

const ChangeLine = ({ change }: { change: PermissionChange }) => (
  <li className="flex items-start gap-2 text-table">
    {change.tone === 'wider' ? (
      <Badge tone="warn" icon={ShieldAlert}>
        wider
      </Badge>
    ) : (
      <Badge tone="ok" icon={ShieldCheck}>
        narrower
      </Badge>
    )}
    <span className="min-w-0 break-words">{change.text}</span>
  </li>
)

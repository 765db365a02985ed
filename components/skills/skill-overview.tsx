'use client'

import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { EnvironmentList } from './environment-list'
import { permissionsOf } from './manifest-parts'
import { PermissionDiffView } from './permission-diff-view'
import { SignatureBadge } from './skill-badges'
import { linkStyle, personOf, type Skill } from './skill-words'
import { useRegistry } from './use-skills'

export const SkillOverview = ({ skill }: { skill: Skill }) => (
  <div className="grid items-start gap-4 sheet:grid-cols-2">
    <Card title="Facts">
      <SkillFacts skill={skill} />
    </Card>
    <div className="grid gap-4">
      <Card title="Permissions">
        <Permissions skill={skill} />
      </Card>
      <Card title="Pinned in">
        <PinnedIn name={skill.name} />
      </Card>
    </div>
  </div>
)

const Signed = ({ skill }: { skill: Skill }) => (
  <span className="flex flex-wrap items-center gap-2">
    <SignatureBadge status={skill.signature_status} />
    {skill.signed_by ? (
      <a href="/ops/skills?view=signers" className={`font-mono text-meta ${linkStyle}`}>
        {skill.signed_by}
      </a>
    ) : null}
  </span>
)

const textOf = (manifest: Skill['manifest'], key: string): string | null => {
  const value = manifest[key]
  return typeof value === 'string' ? value : null
}

const SkillFacts = ({ skill }: { skill: Skill }) => {
  const said = ['author', 'license', 'homepage', 'repository'].flatMap((key) => {
    const value = textOf(skill.manifest, key)
    return value === null ? [] : [{ name: `${key[0]?.toUpperCase()}${key.slice(1)}`, value: <Plain text={value} /> }]
  })
  return (
    <Facts
      facts={[
        { name: 'Signature', value: <Signed skill={skill} /> },
        { name: 'Checksum', value: <CopyId id={skill.checksum} what="checksum" full /> },
        { name: 'Content', value: <CopyId id={skill.content_hash} what="content hash" /> },
        { name: 'Published', value: `${formatUtc(skill.published_at)} by ${personOf(skill.published_by)}` },
        ...said,
      ]}
    />
  )
}

const Plain = ({ text }: { text: string }) => <span className="break-all">{text}</span>

const Permissions = ({ skill }: { skill: Skill }) => {
  const { tools, maxTokens, models, http } = permissionsOf(skill.manifest)
  return (
    <div className="grid gap-4">
      <Facts
        facts={[
          { name: 'Tools', value: tools.length === 0 ? 'None' : <Names all={tools} /> },
          ...(http.length > 0 ? [{ name: 'Own HTTP tools', value: <Names all={http} /> }] : []),
          { name: 'Tokens', value: maxTokens === null ? 'No limit of its own' : maxTokens.toLocaleString('en-US') },
          { name: 'Models', value: models.length === 0 ? 'Any' : <Names all={models} /> },
        ]}
      />
      <PermissionDiffView skill={skill} />
    </div>
  )
}

const Names = ({ all }: { all: readonly string[] }) => (
  <span className="break-all font-mono text-meta">{all.join(', ')}</span>
)

const PinnedIn = ({ name }: { name: string }) => {
  const { data } = useRegistry({ q: name, limit: '100' })
  const row = data?.skills.find((one) => one.name === name)
  if (!data) return <p className="text-ink-muted text-table">One moment.</p>
  return <EnvironmentList environments={row?.environments ?? []} />
}

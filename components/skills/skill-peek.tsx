'use client'

import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { EnvironmentList } from './environment-list'
import { SkillStateBadge } from './skill-badges'
import type { SkillRow } from './skill-columns'
import { STATES, skillHref } from './skill-words'

type PeekProps = { name: string; row: SkillRow | undefined }

export const SkillPeek = ({ name, row }: PeekProps) => (
  <>
    {row ? (
      <>
        <p className="flex flex-wrap items-center gap-2 text-ink-soft text-table">
          <SkillStateBadge state={row.state} /> {STATES[row.state].means}
        </p>
        <p className="break-words text-ink text-prose">{row.description}</p>
      </>
    ) : (
      <p className="text-ink-muted text-table">It is not on this page of the registry; its own page may know it.</p>
    )}
    <Button asChild look="primary" className="w-fit">
      <a href={skillHref(name)}>Open the skill</a>
    </Button>
    {row ? (
      <Facts
        facts={[
          { name: 'Version', value: <span className="font-mono text-meta">{row.version}</span> },
          { name: 'Checksum', value: <CopyId id={row.checksum} what="checksum" /> },
          { name: 'Published', value: <RelativeTime iso={row.published_at} /> },
          { name: 'Signed', value: row.is_signed ? 'Yes' : 'No' },
          { name: 'Tools', value: row.permissions.length === 0 ? 'None' : <Words all={row.permissions} /> },
          ...(row.version_count > 1 && row.permission_diff.added.length > 0
            ? [{ name: 'New tools', value: <Words all={row.permission_diff.added} /> }]
            : []),
          { name: 'Runs', value: `${formatCount(row.usage_count)}, of which ${formatCount(row.error_count)} failed` },
          { name: 'Pinned in', value: <EnvironmentList environments={row.environments} /> },
        ]}
      />
    ) : null}
  </>
)

const Words = ({ all }: { all: readonly string[] }) => (
  <span className="break-all font-mono text-meta">{all.join(', ')}</span>
)

'use client'

import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { plural } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { VersionLink } from '@/components/workspaces/version-link'
import { linkStyle, versionDiffHref } from '@/components/workspaces/workspace-words'
import type { CanaryView, PinView } from '@/lib/workspace/contract/environments'
import { ArmTable } from './arm-table'
import { verdictOf } from './arm-words'
import { useArms } from './use-environments'

type Props = { workspaceId: string; pin: PinView; canary: CanaryView }

const whoWords = ({ percent, users }: CanaryView): string =>
  [
    percent > 0 ? `${percent} % of the people` : null,
    users.length > 0 ? plural(users.length, 'named person', 'named people') : null,
  ]
    .filter(Boolean)
    .join(' and ') || 'nobody'

export const CanaryPanel = ({ workspaceId, pin, canary }: Props) => {
  const [open, setOpen] = useState(false)
  const arms = useArms(workspaceId, pin.environment, true)
  return (
    <section
      aria-label={`Canary in ${pin.environment}`}
      className="grid gap-1.5 rounded-md border border-line px-3 py-2"
    >
      <p className="flex flex-wrap items-center gap-2 text-table">
        <Badge tone="model" icon={FlaskConical}>
          Canary
        </Badge>
        <VersionLink workspaceId={workspaceId} hash={canary.version_hash} />
        <a
          href={versionDiffHref(workspaceId, pin.version_hash, canary.version_hash)}
          className={`text-meta ${linkStyle}`}
        >
          what it changes
        </a>
      </p>
      <p className="text-ink-muted text-meta">
        for {whoWords(canary)}, since <RelativeTime iso={canary.started_at} />
      </p>
      {arms.data ? <p className="text-ink-soft text-table">{verdictOf(arms.data)}</p> : null}
      <div>
        <Button size="small" onClick={() => setOpen(true)}>
          Compare the arms
        </Button>
      </div>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`The two arms of ${pin.environment}`}
        description="Runs since the canary began; replays and rehearsals do not count."
        className="w-[min(760px,calc(100vw-24px))]"
      >
        <QueryView query={arms} what="The comparison" skeleton={<Skeleton className="h-64" />}>
          {(comparison) => <ArmTable workspaceId={workspaceId} comparison={comparison} />}
        </QueryView>
      </Dialog>
    </section>
  )
}

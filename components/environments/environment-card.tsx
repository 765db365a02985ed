'use client'

import { Lock, ShieldCheck, Star } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { Facts } from '@/components/ui/facts'
import { RelativeTime } from '@/components/ui/relative-time'
import { useVersion } from '@/components/workspaces/use-workspaces'
import { VersionLink } from '@/components/workspaces/version-link'
import { personOf } from '@/components/workspaces/workspace-words'
import type { PinView } from '@/lib/workspace/contract/environments'
import type { CardProps } from './act-props'
import { CanaryPanel } from './canary-panel'
import { EnvironmentActs } from './environment-acts'
import { Neighbour } from './neighbour'

export const EnvironmentCard = (props: CardProps) => {
  const { workspaceId, environment, before } = props
  const { environment: name, pin } = environment
  return (
    <section
      aria-label={`Environment ${name}`}
      className="flex h-full min-w-0 flex-col rounded-md border border-line bg-surface"
    >
      <header className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 py-1.5">
        <h2 className="min-w-0 break-all font-semibold text-ink text-prose">{name}</h2>
        {environment.is_default ? (
          <Badge tone="info" icon={Star}>
            Default
          </Badge>
        ) : null}
        {environment.gated ? <Badge icon={ShieldCheck}>Gated</Badge> : null}
        {environment.locked ? (
          <Badge tone="warn" icon={Lock}>
            Locked
          </Badge>
        ) : null}
      </header>
      <div className="grid grow content-start gap-3 p-4">
        {environment.description ? (
          <p className="break-words text-ink-muted text-table">{environment.description}</p>
        ) : null}
        {pin ? <Pinned workspaceId={workspaceId} pin={pin} /> : <Unpinned isDefault={environment.is_default} />}
        {pin?.canary ? <CanaryPanel workspaceId={workspaceId} pin={pin} canary={pin.canary} /> : null}
        {before ? <Neighbour workspaceId={workspaceId} here={environment} before={before} /> : null}
        {environment.gated ? (
          <p className="text-ink-muted text-meta">
            It has a gate: another version, also as a canary, comes here by promotion alone.
          </p>
        ) : null}
        {environment.locked ? (
          <p className="text-ink-muted text-meta">
            While it is locked nothing gets in or out: no pin, no canary, no promotion, no way back. An administrator
            unlocks it.
          </p>
        ) : null}
      </div>
      <EnvironmentActs {...props} />
    </section>
  )
}

const Unpinned = ({ isDefault }: { isDefault: boolean }) => (
  <p className="text-ink-soft text-table">
    Nothing is pinned: runs here get the files of the workspace as they are
    {isDefault ? ', and so do runs that name no environment.' : '.'}
  </p>
)

const Pinned = ({ workspaceId, pin }: { workspaceId: string; pin: PinView }) => {
  const { data } = useVersion(workspaceId, pin.version_hash)
  return (
    <div className="grid gap-2">
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-table">
        <VersionLink workspaceId={workspaceId} hash={pin.version_hash} className="text-table" />
        <span className="line-clamp-3 min-w-0 break-words text-ink" title={data?.version.message}>
          {data?.version.message ?? ''}
        </span>
      </p>
      <p className="text-ink-muted text-meta">
        since <RelativeTime iso={pin.pinned_at} />, by {personOf(pin.pinned_by)}
      </p>
      <OtherPins pin={pin} />
    </div>
  )
}

const OtherPins = ({ pin }: { pin: PinView }) => {
  const skills = Object.entries(pin.skill_pins)
  const facts: { name: string; value: ReactNode }[] = [
    ...(pin.model_pin ? [{ name: 'Model', value: <code className="font-mono text-meta">{pin.model_pin}</code> }] : []),
    ...(pin.provider_pin
      ? [{ name: 'Provider', value: <code className="font-mono text-meta">{pin.provider_pin}</code> }]
      : []),
    ...(skills.length > 0
      ? [
          {
            name: 'Skills',
            value: (
              <span className="break-all font-mono text-meta">
                {skills.map(([name, version]) => `${name}@${version}`).join(', ')}
              </span>
            ),
          },
        ]
      : []),
  ]
  return facts.length > 0 ? <Facts facts={facts} className="gap-y-1" /> : null
}

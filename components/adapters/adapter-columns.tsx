import { BadgeCheck, CircleSlash, Shield, ShieldAlert, ShieldCheck, ShieldOff, ShieldQuestion } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { none } from '@/components/traces/trace-cells'
import { Badge } from '@/components/ui/badge'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { POSTURES, signedShare, sumOf, TIERS } from './adapter-words'
import type { AgentView } from './use-agents'

const LOOKS = {
  ENFORCED: { tone: 'ok', icon: ShieldCheck },
  DEGRADED: { tone: 'warn', icon: ShieldAlert },
  DISABLED: { tone: 'bad', icon: ShieldOff },
} as const

export const PostureBadge = ({ agent }: { agent: AgentView }) => {
  if (!agent.enabled)
    return (
      <Badge tone="bad" icon={CircleSlash}>
        Off
      </Badge>
    )
  const { status } = agent.posture
  return (
    <span title={POSTURES[status].means}>
      <Badge tone={LOOKS[status].tone} icon={LOOKS[status].icon}>
        {POSTURES[status].word}
      </Badge>
    </span>
  )
}

export const TierBadge = ({ tier }: { tier: string | null }) =>
  tier === null ? (
    none
  ) : (
    <Badge tone={tier === 'verified' ? 'ok' : 'system'} {...(tier === 'verified' ? { icon: BadgeCheck } : {})}>
      {TIERS[tier] ?? tier}
    </Badge>
  )

export const TrustOfReports = ({ agent }: { agent: AgentView }) => {
  const share = signedShare(agent)
  if (share === null) return none
  if (share === 1)
    return (
      <Badge tone="ok" icon={ShieldCheck}>
        Signed
      </Badge>
    )
  return (
    <Badge tone={share === 0 ? 'warn' : 'system'} icon={share === 0 ? ShieldQuestion : Shield}>
      {share === 0 ? 'Self-attested' : `${Math.floor(share * 100)} % signed`}
    </Badge>
  )
}

export const ADAPTER_COLUMNS: readonly Column<AgentView>[] = [
  {
    id: 'agent',
    header: 'Agent',
    lead: true,
    className: 'max-w-64',
    cell: (agent) => <span className="block truncate">{agent.display_name}</span>,
  },
  { id: 'posture', header: 'Posture', cell: (agent) => <PostureBadge agent={agent} /> },
  {
    id: 'risk',
    header: 'Risk class',
    from: 'wide',
    cell: (agent) => <span className="text-ink-soft first-letter:uppercase">{agent.risk_class}</span>,
  },
  { id: 'tier', header: 'Certified', from: 'full', cell: (agent) => <TierBadge tier={agent.certification_tier} /> },
  { id: 'trust', header: 'Reports', from: 'wide', cell: (agent) => <TrustOfReports agent={agent} /> },
  {
    id: 'decisions',
    header: 'Decisions',
    align: 'right',
    from: 'medium',
    cell: (agent) => formatCount(sumOf(agent.decisions)),
  },
  {
    id: 'seen',
    header: 'Last seen',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (agent) => <RelativeTime iso={agent.last_seen_at} className="text-ink-soft" />,
  },
]

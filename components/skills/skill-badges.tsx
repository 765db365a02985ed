import {
  Archive,
  CircleCheck,
  CircleDashed,
  FlaskConical,
  type LucideIcon,
  ShieldCheck,
  ShieldX,
  Stamp,
} from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { type Skill, type SkillState, STATES } from './skill-words'

const ICONS: Record<SkillState, LucideIcon> = {
  draft: CircleDashed,
  tested: FlaskConical,
  approved: Stamp,
  active: CircleCheck,
  deprecated: Archive,
}

export const SkillStateBadge = ({ state }: { state: SkillState }) => (
  <span title={STATES[state].means}>
    <Badge tone={STATES[state].tone} icon={ICONS[state]}>
      {STATES[state].name}
    </Badge>
  </span>
)

export const SignatureBadge = ({ status }: { status: Skill['signature_status'] }) => {
  if (status === 'unsigned') return <span className="text-ink-muted">Not signed</span>
  return (
    <Badge tone={status === 'valid' ? 'ok' : 'bad'} icon={status === 'valid' ? ShieldCheck : ShieldX}>
      {status === 'valid' ? 'Signed' : 'Signature not believed'}
    </Badge>
  )
}

import { Ban, CircleCheck, CirclePause, CircleX, Hourglass, type LucideIcon } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { DecisionView } from '@/lib/governance/contract'
import { STATES } from './decision-words'

const LOOKS: Record<DecisionView['status'], { tone: Tone; icon: LucideIcon }> = {
  pending: { tone: 'warn', icon: CirclePause },
  allow: { tone: 'ok', icon: CircleCheck },
  approved: { tone: 'ok', icon: CircleCheck },
  deny: { tone: 'bad', icon: Ban },
  denied: { tone: 'bad', icon: CircleX },
  expired: { tone: 'system', icon: Hourglass },
}

export const DecisionStatus = ({ status }: Pick<DecisionView, 'status'>) => (
  <Badge tone={LOOKS[status].tone} icon={LOOKS[status].icon}>
    {STATES[status]}
  </Badge>
)

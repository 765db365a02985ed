import { Ban, CircleCheck, CircleUserRound, type LucideIcon } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import { EFFECT_WORDS, type Effect } from './policy-words'

const LOOKS: Record<Effect, { tone: Tone; icon: LucideIcon }> = {
  allow: { tone: 'ok', icon: CircleCheck },
  deny: { tone: 'bad', icon: Ban },
  require_approval: { tone: 'warn', icon: CircleUserRound },
}

export const EffectBadge = ({ effect }: { effect: Effect }) => (
  <Badge tone={LOOKS[effect].tone} icon={LOOKS[effect].icon}>
    {EFFECT_WORDS[effect]}
  </Badge>
)

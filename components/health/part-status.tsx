import { CircleCheck, CircleDashed, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { PartStatus } from '@/lib/jobs/contract/health'

const LOOKS: Record<PartStatus, { word: string; tone: Tone; icon: LucideIcon }> = {
  ok: { word: 'Healthy', tone: 'ok', icon: CircleCheck },
  degraded: { word: 'Degraded', tone: 'warn', icon: TriangleAlert },
  error: { word: 'Failing', tone: 'bad', icon: CircleX },
  missing: { word: 'Missing', tone: 'bad', icon: CircleX },
  unchecked: { word: 'Not checked', tone: 'system', icon: CircleDashed },
}

export const PartBadge = ({ status }: { status: PartStatus }) => {
  const { word, tone, icon } = LOOKS[status]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}

import { Ban, CircleCheck, CircleX, Hourglass, LoaderCircle, type LucideIcon } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { Trace } from '@/lib/tracing/contract'

const LOOKS: Record<Trace['status'], { word: string; tone: Tone; icon: LucideIcon }> = {
  success: { word: 'Succeeded', tone: 'ok', icon: CircleCheck },
  error: { word: 'Failed', tone: 'bad', icon: CircleX },
  timeout: { word: 'Timed out', tone: 'bad', icon: Hourglass },
  cancelled: { word: 'Cancelled', tone: 'warn', icon: Ban },
  running: { word: 'Running', tone: 'info', icon: LoaderCircle },
}

export const statusWord = (status: Trace['status']): string => LOOKS[status].word

export const TraceStatus = ({ status }: { status: Trace['status'] }) => {
  const { word, tone, icon } = LOOKS[status]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}

import { Ban, CircleCheck, CirclePause, CircleX, Hourglass, LoaderCircle, type LucideIcon } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import type { Trace } from '@/lib/tracing/contract'
import { statusWords } from './trace-words'

const LOOKS: Record<Trace['status'], { tone: Tone; icon: LucideIcon }> = {
  success: { tone: 'ok', icon: CircleCheck },
  error: { tone: 'bad', icon: CircleX },
  timeout: { tone: 'bad', icon: Hourglass },
  cancelled: { tone: 'warn', icon: Ban },
  paused: { tone: 'warn', icon: CirclePause },
  running: { tone: 'info', icon: LoaderCircle },
}

export const TraceStatus = ({ status }: { status: Trace['status'] }) => {
  const { tone, icon } = LOOKS[status]
  return (
    <Badge tone={tone} icon={icon}>
      {statusWords(status)}
    </Badge>
  )
}

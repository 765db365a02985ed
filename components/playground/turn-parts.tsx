import { Ban, CircleCheck, CircleX, LoaderCircle, type LucideIcon, Wrench } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { formatDuration } from '@/components/ui/format'
import type { Part, ToolState } from './turn'

type Tool = Extract<Part, { kind: 'tool' }>

const LOOKS: Record<ToolState, { word: string; tone: Tone; icon: LucideIcon; spins?: true }> = {
  running: { word: 'Running', tone: 'info', icon: LoaderCircle, spins: true },
  done: { word: 'Done', tone: 'ok', icon: CircleCheck },
  failed: { word: 'Failed', tone: 'bad', icon: CircleX },
  refused: { word: 'Refused', tone: 'warn', icon: Ban },
}

// A call that was being made when the answer broke off has no end that anybody saw.
const UNKNOWN = { word: 'Not finished', tone: 'system', icon: CircleX } as const

const ToolLine = ({ tool, isOpen }: { tool: Tool; isOpen: boolean }) => {
  const look = tool.state === 'running' && !isOpen ? UNKNOWN : LOOKS[tool.state]
  const Icon = look.icon
  return (
    <p className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 rounded-md border border-line bg-sunken px-2.5 py-1 text-table">
      <Wrench aria-hidden className="size-3.5 shrink-0 text-tool" />
      <span className="sr-only">Tool </span>
      <span className="min-w-0 break-all font-mono text-ink text-meta">{tool.name}</span>
      <Badge tone={look.tone} className="ml-auto">
        <Icon aria-hidden className={cn('size-3 shrink-0', 'spins' in look && 'animate-spin')} strokeWidth={2.25} />
        {look.word}
      </Badge>
      {tool.durationMs === null || tool.state === 'refused' ? null : (
        <span className="min-w-12 text-right text-ink-muted text-meta">{formatDuration(tool.durationMs)}</span>
      )}
    </p>
  )
}

const keyOf = (part: Part, at: number): string => (part.kind === 'tool' ? part.id : `text ${at}`)

export const TurnParts = ({ parts, isOpen }: { parts: readonly Part[]; isOpen: boolean }) => (
  <>
    {parts.map((part, at) =>
      part.kind === 'tool' ? (
        <ToolLine key={keyOf(part, at)} tool={part} isOpen={isOpen} />
      ) : (
        <p key={keyOf(part, at)} className="whitespace-pre-wrap break-words text-ink text-prose">
          {part.text.trim()}
        </p>
      ),
    )}
  </>
)

import { ArrowLeftRight, ArrowUpDown, Equal, type LucideIcon, Repeat2, SquareMinus, SquarePlus } from 'lucide-react'
import type { Tone } from '@/components/ui/badge'
import type { Alignment, Suspect } from '@/lib/tracing/contract'

export type OpLook = { word: string; icon: LucideIcon; tone: Tone; mark: string }

export const OP_LOOKS: Record<Alignment['op'], OpLook> = {
  equal: { word: 'Equal', icon: Equal, tone: 'system', mark: 'bg-system-soft' },
  changed: { word: 'Changed', icon: ArrowLeftRight, tone: 'warn', mark: 'bg-warn' },
  moved: { word: 'Moved', icon: ArrowUpDown, tone: 'info', mark: 'bg-info' },
  inserted: { word: 'Only in compare', icon: SquarePlus, tone: 'ok', mark: 'bg-ok' },
  deleted: { word: 'Only in base', icon: SquareMinus, tone: 'bad', mark: 'bg-bad' },
  retry: { word: 'Tried again', icon: Repeat2, tone: 'model', mark: 'bg-model' },
}

const CLASSES = {
  structural: 'Another path',
  decision: 'Another decision',
  wording: 'Other wording',
} as const

export const classWords = (name: Alignment['class']): string | null => (name ? CLASSES[name] : null)

const SUSPECTS: Record<Suspect['kind'], string> = {
  workspace: 'Workspace',
  skills: 'Skills',
  model: 'Model',
  parameters: 'Parameters',
  tools: 'Tools',
  history: 'History',
  prompt: 'System prompt',
  message: 'Message',
}

export const suspectWords = (kind: Suspect['kind']): string => SUSPECTS[kind]

const STATES: Readonly<Record<string, string>> = { ok: 'succeeded', error: 'failed', denied: 'was refused' }

export const stateWords = (status: string | null): string => (status === null ? '' : (STATES[status] ?? status))

export const signed = (value: number, format: (size: number) => string): string =>
  value === 0 ? 'no change' : `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'

export const TONES = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
  accent: 'bg-accent-soft text-accent',
  model: 'bg-model-soft text-model',
  tool: 'bg-tool-soft text-tool',
  system: 'bg-system-soft text-system',
} as const

export type Tone = keyof typeof TONES

type BadgeProps = { tone?: Tone; icon?: LucideIcon; children: ReactNode; className?: string }

export const Badge = ({ tone = 'system', icon: Icon, children, className }: BadgeProps) => (
  <span
    className={cn(
      'inline-flex h-5 w-fit items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-meta',
      TONES[tone],
      className,
    )}
  >
    {Icon ? <Icon aria-hidden className="size-3 shrink-0" strokeWidth={2.25} /> : null}
    {children}
  </span>
)

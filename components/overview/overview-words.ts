import {
  Bot,
  Boxes,
  CircleUserRound,
  FileStack,
  Hourglass,
  KeyRound,
  type LucideIcon,
  PencilLine,
  Pin,
  Rocket,
  Scale,
  Settings2,
  Siren,
  Split,
  Undo2,
  Wallet,
  Wrench,
} from 'lucide-react'
import type { ChangeKind, WaitingKind } from '@/lib/jobs/contract'

export const OVERVIEW_TEXT = 'What is wrong, what changed and what waits.'

export const LANES = ['Live', 'Built', 'Rules'] as const
export type Lane = (typeof LANES)[number]

type Look = { words: string; icon: LucideIcon; lane: Lane; ink: string }

// What went back, or passed a check by an override, stands out; all else is news.
export const CHANGES: Record<ChangeKind, Look> = {
  promotion: { words: 'Promotion', icon: Rocket, lane: 'Live', ink: 'text-accent' },
  rollback: { words: 'Rollback', icon: Undo2, lane: 'Live', ink: 'text-warn' },
  pin: { words: 'Pin', icon: Pin, lane: 'Live', ink: 'text-info' },
  canary: { words: 'Canary', icon: Split, lane: 'Live', ink: 'text-info' },
  environment: { words: 'Environment', icon: Boxes, lane: 'Live', ink: 'text-system' },
  version: { words: 'Version', icon: FileStack, lane: 'Built', ink: 'text-model' },
  skill: { words: 'Skill', icon: Wrench, lane: 'Built', ink: 'text-tool' },
  policy: { words: 'Policy', icon: Scale, lane: 'Rules', ink: 'text-system' },
  budget: { words: 'Budget', icon: Wallet, lane: 'Rules', ink: 'text-system' },
  retention: { words: 'Retention', icon: Hourglass, lane: 'Rules', ink: 'text-system' },
  key: { words: 'Key', icon: KeyRound, lane: 'Rules', ink: 'text-system' },
  agent: { words: 'External agent', icon: Bot, lane: 'Rules', ink: 'text-system' },
  override: { words: 'Exception', icon: Siren, lane: 'Rules', ink: 'text-warn' },
  setting: { words: 'Setting', icon: Settings2, lane: 'Rules', ink: 'text-system' },
}

type Waits = { one: string; many: string; icon: LucideIcon; href: string }

export const WAITS: Record<WaitingKind, Waits> = {
  approval: { one: 'approval', many: 'approvals', icon: CircleUserRound, href: '/ops/approvals' },
  promotion: { one: 'promotion', many: 'promotions', icon: Rocket, href: '/ops/promotions' },
  exception: {
    one: 'acknowledgement',
    many: 'acknowledgements',
    icon: Siren,
    href: '/ops/receipts?state=open',
  },
  annotation: { one: 'annotation', many: 'annotations', icon: PencilLine, href: '/ops/evals/queue?status=waiting' },
}

export const nameOf = (actor: string): string => actor.replace(/^user:/, '')

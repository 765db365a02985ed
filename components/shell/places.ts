import {
  Antenna,
  BookOpen,
  Bot,
  ChartSpline,
  CircleDollarSign,
  CircleUserRound,
  Gauge,
  GitCompareArrows,
  HeartPulse,
  Hourglass,
  KeyRound,
  ListTree,
  type LucideIcon,
  MessagesSquare,
  Rows3,
  Scale,
  ScrollText,
  ServerCog,
  ShieldAlert,
  Siren,
  Wallet,
  Webhook,
} from 'lucide-react'
import type { Permission } from '@/lib/shared/rbac'

export type Place = {
  group: 'Now' | 'Observe' | 'Build' | 'Ship' | 'Govern' | 'Set up'
  name: string
  href: string
  icon: LucideIcon
  permission: Permission | null
  letter: string
  answers: string
}

export const PLACES: readonly Place[] = [
  {
    group: 'Now',
    name: 'Overview',
    href: '/ops',
    icon: Gauge,
    permission: 'dashboard:view',
    letter: 'o',
    answers: 'Is anything wrong, what changed, what waits?',
  },
  {
    group: 'Now',
    name: 'Approvals',
    href: '/ops/approvals',
    icon: CircleUserRound,
    permission: 'decision:resolve',
    letter: 'a',
    answers: 'Which actions wait for a person, what exactly would they do, who decided what?',
  },
  {
    group: 'Observe',
    name: 'Traces',
    href: '/ops/traces',
    icon: ListTree,
    permission: 'trace:view',
    letter: 't',
    answers: 'What did the agents do, which runs failed, what did each cost?',
  },
  {
    group: 'Observe',
    name: 'Diff',
    href: '/ops/diff',
    icon: GitCompareArrows,
    permission: 'trace:diff',
    letter: 'd',
    answers: 'Where do two runs part, and what may be why?',
  },
  {
    group: 'Observe',
    name: 'Sessions',
    href: '/ops/sessions',
    icon: Rows3,
    permission: 'trace:view',
    letter: 'n',
    answers: 'What happened in one conversation, run after run, and what does it cost by now?',
  },
  {
    group: 'Observe',
    name: 'Statistics',
    href: '/ops/stats',
    icon: ChartSpline,
    permission: 'trace:view',
    letter: 'm',
    answers: 'How many runs, errors, tokens and dollars, how fast, and by whom?',
  },
  {
    group: 'Observe',
    name: 'Cost',
    href: '/ops/cost',
    icon: CircleDollarSign,
    permission: 'dashboard:view',
    letter: 'c',
    answers: 'Where does the money go, what will it come to, how much of the budget is left?',
  },
  {
    group: 'Observe',
    name: 'Risk',
    href: '/ops/risk',
    icon: ShieldAlert,
    permission: 'dashboard:view',
    letter: 'r',
    answers: 'How dangerous are the runs, what makes them so, which ones must I look at?',
  },
  {
    group: 'Build',
    name: 'Playground',
    href: '/ops/playground',
    icon: MessagesSquare,
    permission: 'agent:run',
    letter: 'p',
    answers: 'What does an agent answer, and what does it do for it?',
  },
  {
    group: 'Govern',
    name: 'Policies',
    href: '/ops/policies',
    icon: Scale,
    permission: 'policy:view',
    letter: 'j',
    answers: 'What may agents do, what would a changed rule have done?',
  },
  {
    group: 'Govern',
    name: 'External agents',
    href: '/ops/agents',
    icon: Bot,
    permission: 'adapter:view',
    letter: 'z',
    answers: 'Which agents run elsewhere, are they governed, can their reports be believed?',
  },
  {
    group: 'Govern',
    name: 'Budgets',
    href: '/ops/budgets',
    icon: Wallet,
    permission: 'budget:view',
    letter: 'q',
    answers: 'Who may spend how much, what is spent and held, does the ledger agree?',
  },
  {
    group: 'Govern',
    name: 'Audit',
    href: '/ops/audit',
    icon: ScrollText,
    permission: 'audit:view',
    letter: 'l',
    answers: 'Who did what, and can it be proven?',
  },
  {
    group: 'Govern',
    name: 'Overrides',
    href: '/ops/receipts',
    icon: Siren,
    permission: 'audit:view',
    letter: 'v',
    answers: 'Who passed a check or broke the glass, and who has looked at it?',
  },
  {
    group: 'Govern',
    name: 'Retention',
    href: '/ops/retention',
    icon: Hourglass,
    permission: 'retention:view',
    letter: 'x',
    answers: 'How long are traces kept, and what was deleted?',
  },
  {
    group: 'Set up',
    name: 'API keys',
    href: '/ops/keys',
    icon: KeyRound,
    permission: 'key:manage',
    letter: 'k',
    answers: 'Which programs may call, and how far do they reach?',
  },
  {
    group: 'Set up',
    name: 'Ingest',
    href: '/ops/ingest',
    icon: Antenna,
    permission: 'trace:view',
    letter: 'f',
    answers: 'Do spans of other programs arrive by OpenTelemetry, and why were some refused?',
  },
  {
    group: 'Set up',
    name: 'Webhooks',
    href: '/ops/webhooks',
    icon: Webhook,
    permission: 'system:view',
    letter: 'b',
    answers: 'Did other programs hear of it, and who did not listen?',
  },
  {
    group: 'Set up',
    name: 'Health',
    href: '/ops/health',
    icon: HeartPulse,
    permission: 'system:view',
    letter: 'u',
    answers: 'Can agents run: models, backend, workspace, worker?',
  },
  {
    group: 'Set up',
    name: 'System',
    href: '/ops/system',
    icon: ServerCog,
    permission: 'system:view',
    letter: 'y',
    answers: 'Is it healthy, and what runs in the background?',
  },
  {
    group: 'Set up',
    name: 'API reference',
    href: '/ops/reference',
    icon: BookOpen,
    permission: null,
    letter: 'h',
    answers: 'Which endpoint does what, and what does it need?',
  },
]

export const placeAt = (path: string): Place | undefined =>
  PLACES.filter((place) => path === place.href || path.startsWith(`${place.href}/`)).sort(
    (a, b) => b.href.length - a.href.length,
  )[0]

export const placesFor = (permissions: readonly string[]): Place[] =>
  PLACES.filter((place) => place.permission === null || permissions.includes(place.permission))

export const groupsOf = (places: readonly Place[]): { group: string; places: Place[] }[] =>
  [...new Set(places.map((place) => place.group))].map((group) => ({
    group,
    places: places.filter((place) => place.group === group),
  }))

import { BookOpen, Gauge, KeyRound, type LucideIcon, ScrollText, ServerCog } from 'lucide-react'
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
    group: 'Govern',
    name: 'Audit',
    href: '/ops/audit',
    icon: ScrollText,
    permission: 'audit:view',
    letter: 'l',
    answers: 'Who did what, and can it be proven?',
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

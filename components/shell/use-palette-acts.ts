'use client'

import {
  Building2,
  Keyboard,
  ListTree,
  LogOut,
  type LucideIcon,
  ScrollText,
  ShieldQuestion,
  SunMoon,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { isUuid } from '@/lib/shared/id'
import { placesFor } from './places'
import { signOut } from './sign-out'
import { useThemeToggle } from './theme-toggle'
import { useSwitchTenant } from './use-switch-tenant'
import { useMay, useViewer } from './viewer'

export type PaletteAct = {
  id: string
  label: string
  icon: LucideIcon
  run: () => void
  words?: string[]
  keys?: string
}
type Group = { name: string; acts: PaletteAct[] }
type Options = { text: string; onHelp: () => void; onExplain: () => void }

const useFindActs = (text: string): PaletteAct[] => {
  const router = useRouter()
  const mayAudit = useMay('audit:view')
  const mayTrace = useMay('trace:view')
  const wanted = text.trim().replace(/^#/, '')
  const find = (id: string, label: string, href: string, icon = ScrollText): PaletteAct => ({
    id,
    label,
    icon,
    run: () => router.push(href),
  })
  const trace = mayTrace && isUuid(wanted) ? [find('trace', `Trace ${wanted}`, `/ops/traces/${wanted}`, ListTree)] : []
  if (!mayAudit || wanted === '') return trace
  if (/^[1-9]\d{0,14}$/.test(wanted)) return [find('event', `Audit event ${wanted}`, `/ops/audit?peek=${wanted}`)]
  if (!isUuid(wanted)) return []
  return [
    ...trace,
    find('request', `Audit events of request ${wanted}`, `/ops/audit?request_id=${wanted}`),
    find('entity', `Audit events about ${wanted}`, `/ops/audit?entity_id=${wanted}`),
  ]
}

const useTenantActs = (): PaletteAct[] => {
  const { me } = useViewer()
  const { switchTo } = useSwitchTenant()
  return me.scope.tenants
    .filter((tenant) => tenant !== me.active_tenant_id)
    .map((tenant) => ({
      id: `tenant ${tenant}`,
      label: `Switch to tenant ${tenant}`,
      icon: Building2,
      run: () => switchTo(tenant),
    }))
}

const isNamed = (act: PaletteAct, text: string): boolean => {
  const name = [act.label, ...(act.words ?? [])].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word))
}

export const usePaletteActs = ({ text, onHelp, onExplain }: Options): Group[] => {
  const router = useRouter()
  const { me } = useViewer()
  const toggleTheme = useThemeToggle()
  const pages = placesFor(me.permissions).map((place) => ({
    id: `go ${place.name}`,
    label: place.name,
    icon: place.icon,
    words: [place.answers],
    keys: `g ${place.letter}`,
    run: () => router.push(place.href),
  }))
  const acts: PaletteAct[] = [
    { id: 'theme', label: 'Switch between light and dark', icon: SunMoon, run: toggleTheme },
    { id: 'explain', label: 'Why can I not…?', icon: ShieldQuestion, words: ['permission role'], run: onExplain },
    { id: 'keys', label: 'Keyboard map', icon: Keyboard, keys: '?', run: onHelp },
    { id: 'out', label: 'Sign out', icon: LogOut, words: ['log out leave'], run: signOut },
  ]
  const named = [
    { name: 'Go to', acts: pages },
    { name: 'Tenant', acts: useTenantActs() },
    { name: 'Do', acts },
  ].map((group) => ({ ...group, acts: group.acts.filter((act) => isNamed(act, text.trim())) }))
  return [{ name: 'Find', acts: useFindActs(text) }, ...named].filter((group) => group.acts.length > 0)
}

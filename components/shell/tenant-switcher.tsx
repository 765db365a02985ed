'use client'

import { Building2, ChevronsUpDown } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuChoice, MenuLabel } from '@/components/ui/menu'
import { useSwitchTenant } from './use-switch-tenant'
import { useViewer } from './viewer'

export const TenantSwitcher = () => {
  const { me } = useViewer()
  const { pending, switchTo } = useSwitchTenant()
  const active = me.active_tenant_id
  if (me.scope.tenants.length < 2)
    return (
      <span className="inline-flex min-w-0 items-center gap-2 px-2 text-ink-soft text-table max-sheet:hidden">
        <Building2 aria-hidden className="size-4 shrink-0 text-ink-muted" strokeWidth={1.75} />
        <span className="truncate">
          <span className="sr-only">Tenant </span>
          {active}
        </span>
      </span>
    )
  const trigger = (
    <Button look="quiet" pending={pending} aria-label={`Tenant ${active}, switch`} className="min-w-0 shrink px-2">
      <Building2 aria-hidden className="size-4 shrink-0 text-ink-muted" strokeWidth={1.75} />
      <span className="max-w-40 truncate font-normal max-sheet:max-w-20">{active}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Tenants">
      <MenuLabel>Act in tenant</MenuLabel>
      {me.scope.tenants.map((tenant) => (
        <MenuChoice key={tenant} checked={tenant === active} onSelect={() => tenant !== active && switchTo(tenant)}>
          {tenant}
        </MenuChoice>
      ))}
    </Menu>
  )
}

'use client'

import { Pencil, Power, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import type { PolicyView } from '@/lib/governance/contract'
import { rolesWith } from '@/lib/shared/rbac'
import { PolicyDeleteDialog } from './policy-delete-dialog'
import { PolicyEditor } from './policy-editor'
import { PolicySwitchDialog } from './policy-switch-dialog'

type Open = 'edit' | 'switch' | 'delete' | null

export const PolicyActs = ({ policy }: { policy: PolicyView }) => {
  const [open, setOpen] = useState<Open>(null)
  if (!useMay('policy:manage'))
    return (
      <p className="text-ink-muted text-table">To change it one needs to be {needsRole(rolesWith('policy:manage'))}.</p>
    )
  const toggle = (dialog: Open) => (isOpen: boolean) => setOpen(isOpen ? dialog : null)
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" onClick={() => setOpen('edit')}>
        <Pencil aria-hidden className="size-3.5" /> Change…
      </Button>
      <Button size="small" onClick={() => setOpen('switch')}>
        <Power aria-hidden className="size-3.5" /> {policy.enabled ? 'Disable…' : 'Enable…'}
      </Button>
      <Button size="small" look="danger" onClick={() => setOpen('delete')}>
        <Trash2 aria-hidden className="size-3.5" /> Delete…
      </Button>
      <PolicyEditor policy={policy} open={open === 'edit'} onOpenChange={toggle('edit')} />
      <PolicySwitchDialog policy={policy} open={open === 'switch'} onOpenChange={toggle('switch')} />
      <PolicyDeleteDialog policy={policy} open={open === 'delete'} onOpenChange={toggle('delete')} />
    </div>
  )
}

'use client'

import { Badge } from '@/components/ui/badge'
import { CopyId } from '@/components/ui/copy-id'
import { Dialog } from '@/components/ui/dialog'
import { Facts } from '@/components/ui/facts'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Me } from '@/lib/auth/contract'
import { isPermission, PERMISSIONS } from '@/lib/shared/rbac'
import { roleName } from './role-names'
import { useViewer } from './viewer'

type WhoDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

const factsOf = (me: Me) => [
  { name: 'User', value: <CopyId id={me.user.id} what="user id" full /> },
  { name: 'Role', value: <Badge tone="accent">{roleName(me.user.role)}</Badge> },
  { name: 'Home tenant', value: me.user.tenant_id },
  { name: 'Acting in', value: me.active_tenant_id },
  { name: 'Workspaces', value: me.scope.workspaces?.join(', ') ?? 'All of the tenant' },
  ...(me.session
    ? [
        { name: 'Session ends', value: <RelativeTime iso={me.session.expires_at} /> },
        { name: 'When idle', value: <RelativeTime iso={me.session.idle_expires_at} /> },
      ]
    : []),
]

export const WhoDialog = ({ open, onOpenChange }: WhoDialogProps) => {
  const { me } = useViewer()
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={me.user.name ?? me.user.email ?? me.user.id}
      description="Who the server takes you for. Roles and tenants come from the identity provider."
    >
      <Facts facts={factsOf(me)} />
      <h3 className="mt-6 mb-2 font-semibold text-table">{me.permissions.length} permissions</h3>
      <ul className="grid gap-1 text-table">
        {me.permissions.filter(isPermission).map((permission) => (
          <li key={permission} className="grid gap-x-3 sm:grid-cols-[160px_1fr]">
            <code className="font-mono text-ink text-meta leading-5">{permission}</code>
            <span className="text-ink-muted">{PERMISSIONS[permission].means}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

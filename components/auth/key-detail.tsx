'use client'

import { Ban, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { ApiKey } from '@/lib/auth/contract'
import { KeyState, ScopeList } from './key-columns'
import { KeyRevokeDialog } from './key-revoke-dialog'
import { KeyRotateDialog } from './key-rotate-dialog'

const when = (iso: string | null, otherwise: string) =>
  iso ? (
    <>
      {formatUtc(iso)} · <RelativeTime iso={iso} className="text-ink-muted" />
    </>
  ) : (
    otherwise
  )

const factsOf = (key: ApiKey) => [
  { name: 'State', value: <KeyState state={key.state} /> },
  { name: 'Begins with', value: <code className="font-mono text-meta">{key.prefix}…</code> },
  { name: 'Scopes', value: <ScopeList scopes={key.scopes} /> },
  { name: 'Workspaces', value: key.workspace_ids.join(', ') || 'All of the tenant' },
  { name: 'Tenant', value: key.tenant_id },
  ...(key.allowed_tenants.length > 0 ? [{ name: 'Also acts in', value: key.allowed_tenants.join(', ') }] : []),
  { name: 'Created by', value: key.created_by },
  { name: 'Created', value: when(key.created_at, '') },
  { name: 'Last used', value: when(key.last_used_at, 'Never') },
  { name: 'Expires', value: when(key.expires_at, 'Never') },
  ...(key.revoked_at ? [{ name: 'Revoked', value: when(key.revoked_at, '') }] : []),
  { name: 'Key id', value: <CopyId id={key.id} what="key id" full /> },
]

export const KeyDetail = ({ apiKey }: { apiKey: ApiKey }) => {
  const [dialog, setDialog] = useState<'rotate' | 'revoke' | null>(null)
  const alive = apiKey.state === 'active' || apiKey.state === 'expiring'
  return (
    <>
      <Facts facts={factsOf(apiKey)} />
      <div className="flex flex-wrap gap-2">
        {alive ? (
          <>
            <Button size="small" onClick={() => setDialog('rotate')}>
              <RefreshCw aria-hidden className="size-3.5" /> Rotate
            </Button>
            <Button size="small" look="danger" onClick={() => setDialog('revoke')}>
              <Ban aria-hidden className="size-3.5" /> Revoke
            </Button>
          </>
        ) : null}
        <Button asChild size="small">
          <a href={`/ops/audit?entity_id=${apiKey.id}`}>Its audit events</a>
        </Button>
      </div>
      <KeyRotateDialog
        apiKey={apiKey}
        open={dialog === 'rotate'}
        onOpenChange={(open) => setDialog(open ? 'rotate' : null)}
      />
      <KeyRevokeDialog
        apiKey={apiKey}
        open={dialog === 'revoke'}
        onOpenChange={(open) => setDialog(open ? 'revoke' : null)}
      />
    </>
  )
}

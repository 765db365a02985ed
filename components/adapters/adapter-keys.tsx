'use client'

import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { formatUtc } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { AdapterWithKeys } from '@/lib/adapters/contract'
import { rolesWith } from '@/lib/shared/rbac'
import { KeyAddDialog } from './key-add-dialog'
import { KeyRevokeDialog } from './key-revoke-dialog'
import { type AgentView, useKeysOf } from './use-agents'

type Key = AdapterWithKeys['telemetry_keys'][number]

export const AdapterKeys = ({ agent }: { agent: AgentView }) => (
  <QueryView
    query={useKeysOf(agent.adapter_id)}
    what="Its keys"
    stillWorks="Reports are still checked."
    skeleton={<Skeleton className="h-24 w-full" />}
  >
    {(keys) => (
      <div className="grid gap-3">
        <p className="text-ink-muted text-table">
          What the agent signs with such a key is believed; without one its reports count as its own word.
        </p>
        {keys.length > 0 ? (
          <ul className="divide-y divide-line rounded-md border border-line">
            {keys.map((key) => (
              <KeyLine key={key.key_id} agent={agent} one={key} />
            ))}
          </ul>
        ) : null}
        <AddKey agent={agent} />
      </div>
    )}
  </QueryView>
)

const AddKey = ({ agent }: { agent: AgentView }) => {
  const [open, setOpen] = useState(false)
  if (!useMay('adapter:manage_keys'))
    return (
      <p className="text-ink-muted text-table">
        To add or revoke keys one needs to be {needsRole(rolesWith('adapter:manage_keys'))}.
      </p>
    )
  return (
    <div>
      <Button size="small" onClick={() => setOpen(true)}>
        <KeyRound aria-hidden className="size-3.5" /> Add a key…
      </Button>
      <KeyAddDialog agent={agent} open={open} onOpenChange={setOpen} />
    </div>
  )
}

const KeyLine = ({ agent, one }: { agent: AgentView; one: Key }) => {
  const [open, setOpen] = useState(false)
  const mayRevoke = useMay('adapter:manage_keys') && one.revoked_at === null
  return (
    <li className="grid gap-1 px-3 py-2 text-table">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={one.revoked_at === null ? 'ok' : 'system'}>{one.revoked_at === null ? 'Valid' : 'Revoked'}</Badge>
        <span className="grow">
          <CopyId id={one.key_id} what="key id" />
        </span>
        {mayRevoke ? (
          <Button size="small" look="danger" onClick={() => setOpen(true)}>
            Revoke…
          </Button>
        ) : null}
      </div>
      <p className="text-ink-muted text-meta">
        {one.key_alg}
        {one.version === null ? '' : `, only version ${one.version}`}, added {formatUtc(one.created_at)}
        {one.revoked_at === null ? '' : `, revoked ${formatUtc(one.revoked_at)}`}
      </p>
      <KeyRevokeDialog agent={agent} keyId={one.key_id} open={open} onOpenChange={setOpen} />
    </li>
  )
}

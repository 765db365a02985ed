'use client'

import { RotateCw, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { notifyDone } from '@/components/ui/toast'
import type { Promotion } from '@/lib/promotion/contract'
import { rolesWith } from '@/lib/shared/rbac'
import { CancelDialog } from './cancel-dialog'
import { ExecuteForm } from './execute-form'
import { TakeBackDialog } from './take-back-dialog'
import { isOpen, useRecheck } from './use-promotions'

/** What can be done with it now; whoever may do nothing is told what it would take. */
export const PromotionActs = ({ promotion }: { promotion: Promotion }) => {
  const [open, setOpen] = useState<'cancel' | 'back' | null>(null)
  const { can } = promotion
  const mayPromote = useMay('workspace:promote')
  if (!mayPromote)
    return isOpen(promotion) || promotion.status === 'executed' ? (
      <p className="text-ink-muted text-table">
        To decide about it one needs to be {needsRole(rolesWith('workspace:promote'))}.
      </p>
    ) : null
  return (
    <div className="grid gap-4">
      {can.execute || can.override ? <ExecuteForm key={promotion.candidate_hash} promotion={promotion} /> : null}
      <div className="flex flex-wrap gap-2">
        {can.recheck ? <Recheck promotion={promotion} /> : null}
        {can.cancel ? (
          <Button look="danger" onClick={() => setOpen('cancel')}>
            <X aria-hidden className="size-4" /> Cancel the promotion…
          </Button>
        ) : null}
        {can.rollback ? (
          <Button look="danger" onClick={() => setOpen('back')}>
            <Undo2 aria-hidden className="size-4" /> Roll it back…
          </Button>
        ) : null}
      </div>
      <CancelDialog
        promotion={promotion}
        open={open === 'cancel'}
        onOpenChange={(on) => setOpen(on ? 'cancel' : null)}
      />
      <TakeBackDialog promotion={promotion} open={open === 'back'} onOpenChange={(on) => setOpen(on ? 'back' : null)} />
    </div>
  )
}

const Recheck = ({ promotion }: { promotion: Promotion }) => {
  const recheck = useRecheck()
  const run = async () => {
    const params = { workspaceId: promotion.workspace_id, id: promotion.id }
    const answer = await recheck.mutateAsync({ params, body: {} }).catch(() => null)
    if (answer)
      notifyDone({
        text: `It is checked again, with what ${promotion.source_env} runs now`,
        auditHref: auditHref(answer.requestId),
      })
  }
  const given = promotion.approvals.given
  return (
    <span className="grid gap-1.5">
      <Button
        pending={recheck.isPending}
        onClick={() => void run()}
        title={`Takes what ${promotion.source_env} runs now and runs all checks again${given > 0 ? '; the approvals that were given do not count any more' : ''}`}
      >
        <RotateCw aria-hidden className="size-4" /> Check again
      </Button>
      {recheck.error ? <ErrorLine error={recheck.error} /> : null}
    </span>
  )
}

'use client'

import type { FormEvent } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { formatBytes, formatCount } from '@/components/ui/format'
import { notifyDone } from '@/components/ui/toast'
import type { EnforceResult, RetentionView } from '@/lib/retention/contract'
import { PreviewStrip } from './preview-strip'
import { ReasonFields, useReason } from './reason-fields'
import { sayRules } from './retention-words'
import { useEnforce } from './use-retention'

type EnforceDialogProps = { view: RetentionView; open: boolean; onOpenChange: (open: boolean) => void }

export const EnforceDialog = ({ view, open, onOpenChange }: EnforceDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Apply the policy to ${view.tenant_id} now`}
    description={`${sayRules(view.rules)} What it takes away is gone for good.`}
  >
    <EnforceForm view={view} close={() => onOpenChange(false)} />
  </Dialog>
)

const sayDone = (result: EnforceResult | undefined): string => {
  if (!result) return ''
  const done = `${formatCount(result.traces_deleted)} deleted, ${formatCount(result.traces_reduced)} reduced, ${formatBytes(result.bytes_reclaimed)} freed.`
  return result.is_complete ? done : `${done} A job does the rest.`
}

const EnforceForm = ({ view, close }: { view: RetentionView; close: () => void }) => {
  const reason = useReason('business_deadline')
  const enforce = useEnforce()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { tenant_id: view.tenant_id, reason_code: reason.code, justification: reason.justification }
    const answer = await enforce.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    const { result } = answer.data
    notifyDone({ text: 'The policy was applied', detail: sayDone(result), auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <PreviewStrip tried={view.rules} isChanged={false} />
      <ReasonFields reason={reason} error={enforce.error} />
      {enforce.error ? <ErrorLine error={enforce.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="danger" disabled={!reason.isReady} pending={enforce.isPending}>
          Apply now
        </Button>
      </DialogFooter>
    </form>
  )
}

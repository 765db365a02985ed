'use client'

import { ActForm } from '@/components/environments/act-dialog'
import { Dialog } from '@/components/ui/dialog'
import type { Promotion } from '@/lib/promotion/contract'
import { useCancel } from './use-promotions'

type Props = { promotion: Promotion; open: boolean; onOpenChange: (open: boolean) => void }

export const CancelDialog = ({ promotion, open, onOpenChange }: Props) => {
  const cancel = useCancel()
  const act = (reason: string) =>
    cancel
      .mutateAsync({ params: { workspaceId: promotion.workspace_id, id: promotion.id }, body: { reason } })
      .catch(() => null)
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Cancel the promotion">
      <ActForm
        verb="Cancel the promotion"
        look="danger"
        done="The promotion is cancelled"
        consequence={`It ends here, with what it has shown. ${promotion.target_env} keeps what it runs; another promotion can be asked for at any time.`}
        reason="needed"
        act={act}
        error={cancel.error}
        isPending={cancel.isPending}
        close={() => onOpenChange(false)}
      />
    </Dialog>
  )
}

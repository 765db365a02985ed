'use client'

import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import type { ActProps } from './act-props'
import { useRemovePin } from './use-environments'

export const UnpinDialog = ({ open, onOpenChange, workspaceId, environment }: ActProps) => {
  const { environment: name } = environment
  const remove = useRemovePin()
  const run = async () => {
    const query = { workspace_id: workspaceId, environment: name }
    const answer = await remove.mutateAsync({ query }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `Nothing is pinned in ${name}`, auditHref: auditHref(answer.requestId) })
    onOpenChange(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Take the pin of ${name} away`}
      description="The versions stay; only what runs here changes."
    >
      <div className="grid gap-4">
        <p className="text-ink-soft text-table">
          From now on runs in {name} get the files of the workspace as they are, without a model or skills that are
          pinned{environment.pin?.canary ? ', and the canary ends' : ''}. Runs that are under way keep what they began
          with.
        </p>
        {remove.error ? <ErrorLine error={remove.error} /> : null}
      </div>
      <DialogFooter>
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button look="danger" pending={remove.isPending} onClick={() => void run()}>
          Take it away
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

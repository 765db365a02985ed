'use client'

import { Dialog } from '@/components/ui/dialog'
import { ActForm } from './act-dialog'
import type { ActProps } from './act-props'
import { useSaveEnvironment } from './use-environments'

export const LockDialog = ({ open, onOpenChange, workspaceId, environment }: ActProps) => {
  const { environment: name, locked } = environment
  const save = useSaveEnvironment()
  const act = (reason: string) =>
    save
      .mutateAsync({
        body: { workspace_id: workspaceId, environment: name, locked: !locked, ...(reason === '' ? {} : { reason }) },
      })
      .catch(() => null)
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`${locked ? 'Unlock' : 'Lock'} ${name}`}>
      <ActForm
        verb={locked ? 'Unlock' : 'Lock'}
        done={`${name} is ${locked ? 'unlocked' : 'locked'}`}
        consequence={
          locked
            ? `From now on pins, canaries and promotions can change what runs in ${name}.`
            : `What runs in ${name} stays as it is: no pin, no canary and no promotion gets in until it is unlocked.`
        }
        act={act}
        error={save.error}
        isPending={save.isPending}
        close={() => onOpenChange(false)}
      />
    </Dialog>
  )
}

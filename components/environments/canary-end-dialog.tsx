'use client'

import { QueryView } from '@/components/states/query-view'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { shortVersion } from '@/components/workspaces/workspace-words'
import { ActForm } from './act-dialog'
import type { ActProps } from './act-props'
import { verdictOf } from './arm-words'
import { useArms, useEndCanary, usePromoteCanary } from './use-environments'

type Props = ActProps & { adopts: boolean }

/** The end of a canary: for everybody, or for nobody. What the arms have shown is said before. */
export const CanaryEndDialog = ({ open, onOpenChange, adopts, ...props }: Props) => {
  const { environment: name, pin } = props.environment
  if (!pin?.canary) return null
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={adopts ? `Give the canary to everybody in ${name}` : `End the canary in ${name}`}
    >
      <Form {...props} adopts={adopts} close={() => onOpenChange(false)} />
    </Dialog>
  )
}

type FormProps = Omit<Props, 'open' | 'onOpenChange'> & { close: () => void }

const Form = ({ workspaceId, environment, adopts, close }: FormProps) => {
  const { environment: name, pin } = environment
  const arms = useArms(workspaceId, name, true)
  const [end, promote] = [useEndCanary(), usePromoteCanary()]
  const params = { workspaceId }
  const act = (reason: string) => {
    const words = reason === '' ? {} : { reason }
    const done = adopts
      ? promote.mutateAsync({ params, body: { environment: name, expected_revision: pin?.revision ?? 0, ...words } })
      : end.mutateAsync({ params, query: { environment: name } })
    return done.catch(() => null)
  }
  const [stable, canary] = [shortVersion(pin?.version_hash ?? ''), shortVersion(pin?.canary?.version_hash ?? '')]
  return (
    <ActForm
      verb={adopts ? `Everybody gets ${canary}` : 'End the canary'}
      look={adopts ? 'primary' : 'danger'}
      done={adopts ? `Everybody in ${name} gets ${canary}` : `Everybody in ${name} gets ${stable} again`}
      consequence={
        adopts
          ? `From now on every run in ${name} gets ${canary}, and the canary is over. ${stable} stays in the history, so that one can go back to it.`
          : `From now on every run in ${name} gets ${stable} again. The version ${canary} stays.`
      }
      {...(adopts ? {} : { reason: 'none' as const })}
      act={act}
      error={promote.error ?? end.error}
      isPending={promote.isPending || end.isPending}
      close={close}
    >
      <QueryView query={arms} what="The comparison" skeleton={<Skeleton className="h-10" />}>
        {(comparison) => <p className="rounded-md bg-sunken px-3 py-2 text-ink text-table">{verdictOf(comparison)}</p>}
      </QueryView>
    </ActForm>
  )
}

'use client'

import { useState } from 'react'
import { ChangeSummary } from '@/components/promotions/change-summary'
import { OverrideFields, overrideOf, useOverride } from '@/components/promotions/override-fields'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Dialog } from '@/components/ui/dialog'
import { formatUtc } from '@/components/ui/format'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { personOf, shortVersion } from '@/components/workspaces/workspace-words'
import { isApiError } from '@/lib/shared/api-client'
import type { PinChangeView } from '@/lib/workspace/contract/environments'
import { ActForm } from './act-dialog'
import type { ActProps } from './act-props'
import { pinDifferences } from './environment-words'
import { usePinHistory, useRollback } from './use-environments'

export const RollbackDialog = ({ open, onOpenChange, ...props }: ActProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Roll ${props.environment.environment} back`}
    description="To what ran here before: the version with the skills and the model that it had."
    className="w-[min(680px,calc(100vw-24px))]"
  >
    <Sets {...props} close={() => onOpenChange(false)} />
  </Dialog>
)

type FormProps = Omit<ActProps, 'open' | 'onOpenChange'> & { close: () => void }
type Past = { set: NonNullable<PinChangeView['after']>; until: string; by: string }

/** What ran here before, the newest first, each version once, with the pins that it ran with last. */
export const pastSets = (changes: readonly PinChangeView[], now: string | null): Past[] => {
  const found = new Map<string, Past>()
  for (const { before, changed_at: until, changed_by: by } of changes) {
    const hash = before?.version_hash
    if (before && hash && hash !== now && !found.has(hash)) found.set(hash, { set: before, until, by })
  }
  return [...found.values()]
}

const Sets = (props: FormProps) => {
  const { workspaceId, environment } = props
  const query = usePinHistory(workspaceId, { environment: environment.environment, limit: '100' })
  return (
    <QueryView query={query} what="The history of its pins" skeleton={<Skeleton className="h-48" />}>
      {({ changes }) => {
        const past = pastSets(changes, environment.pin?.version_hash ?? null)
        return past.length === 0 ? (
          <p className="text-ink-soft text-table">
            No other version has run in {environment.environment}, so there is nothing to go back to.
          </p>
        ) : (
          <Form {...props} past={past} />
        )
      }}
    </QueryView>
  )
}

const needsOverride = (error: unknown): boolean => isApiError(error) && error.code === 'promotion_blocked'

const useBack = ({ workspaceId, environment }: FormProps, hash: string) => {
  const rollback = useRollback()
  const override = useOverride()
  const [mayOverride, mayLock] = [useMay('override:use'), useMay('workspace:lock')]
  const mayPass = mayOverride && (!environment.locked || mayLock)
  const asks = mayPass && (environment.locked || needsOverride(rollback.error))
  const act = (reason: string) =>
    rollback
      .mutateAsync({
        params: { workspaceId },
        body: {
          ...{ version_hash: hash, environment: environment.environment },
          annotation: { key: 'reason', value: reason },
          ...(asks ? overrideOf(override) : {}),
        },
      })
      .catch(() => null)
  return { rollback, override, asks, mayPass, act }
}

const Form = ({ past, ...props }: FormProps & { past: readonly Past[] }) => {
  const { workspaceId, environment, close } = props
  const [hash, setHash] = useState(past[0]?.set.version_hash ?? '')
  const chosen = past.find(({ set }) => set.version_hash === hash) ?? past[0]
  const back = useBack(props, hash)
  const { environment: name, pin } = environment
  const others = pinDifferences(chosen?.set ?? null, pin)
  return (
    <ActForm
      verb={`Run ${shortVersion(hash)} again`}
      look="danger"
      done={`${name} runs ${shortVersion(hash)} again`}
      consequence={`From now on every run in ${name} gets ${shortVersion(hash)} again${pin?.canary ? ', and the canary is over' : ''}. Runs that are under way keep what they began with. Going forward again is one more such step.`}
      reason="needed"
      act={back.act}
      error={back.rollback.error}
      isPending={back.rollback.isPending}
      disabled={(environment.locked && !back.mayPass) || (back.asks && !back.override.isReady)}
      close={close}
    >
      <Select
        aria-label="Back to"
        className="w-full"
        value={hash}
        onChange={(event) => setHash(event.target.value)}
        options={past.map(({ set, until, by }) => ({
          value: set.version_hash,
          label: `${shortVersion(set.version_hash)}, until ${formatUtc(until)}, replaced by ${personOf(by)}`,
        }))}
      />
      {pin ? <ChangeSummary workspaceId={workspaceId} from={pin.version_hash} to={hash} /> : null}
      {others.length > 0 ? (
        <p className="break-words text-ink-soft text-table">Also goes back: {others.join('; ')}.</p>
      ) : null}
      {environment.locked && !back.mayPass ? (
        <p className="text-table text-warn">
          {name} is locked. An administrator unlocks it, or goes back with a receipt.
        </p>
      ) : null}
      {back.asks ? <OverrideFields override={back.override} error={back.rollback.error} /> : null}
    </ActForm>
  )
}

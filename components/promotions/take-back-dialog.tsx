'use client'

import { ActForm } from '@/components/environments/act-dialog'
import { useMay } from '@/components/shell/viewer'
import { Dialog } from '@/components/ui/dialog'
import { shortVersion } from '@/components/workspaces/workspace-words'
import type { Promotion } from '@/lib/promotion/contract'
import { isApiError } from '@/lib/shared/api-client'
import { ChangeSummary } from './change-summary'
import { OverrideFields, overrideOf, useOverride } from './override-fields'
import { useTakeBack } from './use-promotions'

type Props = { promotion: Promotion; open: boolean; onOpenChange: (open: boolean) => void }

export const TakeBackDialog = ({ open, onOpenChange, promotion }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Take the promotion to ${promotion.target_env} back`}
    className="w-[min(620px,calc(100vw-24px))]"
  >
    <Form promotion={promotion} close={() => onOpenChange(false)} />
  </Dialog>
)

const Form = ({ promotion, close }: { promotion: Promotion; close: () => void }) => {
  const back = useTakeBack()
  const override = useOverride()
  const [mayOverride, mayLock] = [useMay('override:use'), useMay('workspace:lock')]
  const isLocked = promotion.checks.some(({ name, status }) => name === 'target_unlocked' && status === 'fail')
  const isRefused = isApiError(back.error) && back.error.code === 'promotion_blocked'
  const asks = (isLocked || isRefused) && mayOverride && mayLock
  const { replaces, target_env: target, workspace_id: workspaceId, version_hash: hash } = promotion
  const act = (reason: string) =>
    back
      .mutateAsync({
        params: { workspaceId, id: promotion.id },
        body: { annotation: { key: 'reason', value: reason }, ...(asks ? overrideOf(override) : {}) },
      })
      .catch(() => null)
  const to = replaces ? shortVersion(replaces.version_hash) : 'no pinned version'
  return (
    <ActForm
      verb={`Give ${target} ${to} again`}
      look="danger"
      done={`${target} has ${to} again`}
      consequence={`From now on every run in ${target} gets what it got before this promotion. What others changed beside it since then stays; where they changed the same, it is refused and says so.`}
      reason="needed"
      act={act}
      error={back.error}
      isPending={back.isPending}
      disabled={asks ? !override.isReady : isLocked}
      close={close}
    >
      {replaces && !promotion.is_canary ? (
        <ChangeSummary workspaceId={workspaceId} from={hash} to={replaces.version_hash} />
      ) : null}
      {isLocked && !asks ? (
        <p className="text-table text-warn">
          {target} is locked. An administrator unlocks it, or goes back with a receipt.
        </p>
      ) : null}
      {asks ? <OverrideFields override={override} error={back.error} /> : null}
    </ActForm>
  )
}

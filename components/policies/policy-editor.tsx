'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { usePeek } from '@/components/table/use-peek'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import type { PolicyView } from '@/lib/governance/contract'
import { isApiError } from '@/lib/shared/api-client'
import { DryRun } from './dry-run'
import { type Draft, draftOf, EMPTY, judged, trialOf } from './policy-draft'
import { PolicyFields } from './policy-fields'
import { SimulationView } from './simulation-view'
import { StalePolicy } from './stale-policy'
import { useSavePolicy } from './use-save-policy'
import { useSettled } from './use-settled'

type EditorProps = { policy: PolicyView | null; open: boolean; onOpenChange: (open: boolean) => void }

export const PolicyEditor = ({ policy, open, onOpenChange }: EditorProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    className="w-[min(1080px,calc(100vw-24px))]"
    title={policy ? `Change ${policy.policy_id}` : 'A new policy'}
    description="It holds from the next decision on. Try it out here before you save it."
  >
    <Form policy={policy} close={() => onOpenChange(false)} />
  </Dialog>
)

const isStale = (error: unknown, policy: PolicyView | null): boolean =>
  policy !== null && isApiError(error) && error.code === 'version_conflict'

const Form = ({ policy, close }: { policy: PolicyView | null; close: () => void }) => {
  const [draft, setDraft] = useState<Draft>(() => (policy ? draftOf(policy) : EMPTY))
  const [revision, setRevision] = useState(policy?.revision ?? 1)
  const [isTried, setTried] = useState(false)
  const save = useSavePolicy(policy !== null)
  const peek = usePeek()
  const { faults } = judged(draft)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length > 0) return
    const answer = await save.run(draft, revision)
    if (!answer) return
    notifyDone({ text: `${draft.id.trim()} is saved`, auditHref: auditHref(answer.requestId) })
    close()
    if (!policy) peek.open(draft.id.trim())
  }
  const load = (stored: PolicyView, isMine: boolean) => {
    setRevision(stored.revision ?? 1)
    if (!isMine) setDraft(draftOf(stored))
    save.reset()
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <div className="grid gap-6 rail:grid-cols-[minmax(0,1fr)_minmax(320px,40%)]">
        <PolicyFields
          draft={draft}
          change={(patch) => setDraft({ ...draft, ...patch })}
          faults={isTried ? faults : {}}
          isNew={policy === null}
        />
        <Trial draft={draft} />
      </div>
      <div className="mt-4 grid gap-3">
        {isTried && Object.keys(faults).length > 0 ? (
          <p role="alert" className="text-bad text-table">
            Not saved: {Object.values(faults).join('; ')}.
          </p>
        ) : null}
        {save.error && policy && isStale(save.error, policy) ? (
          <StalePolicy id={policy.policy_id} onLoad={load} />
        ) : null}
        {save.error && !isStale(save.error, policy) ? <ErrorLine error={save.error} /> : null}
      </div>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={save.isPending}>
          {policy ? 'Save the change' : 'Save the policy'}
        </Button>
      </DialogFooter>
    </form>
  )
}

const Trial = ({ draft }: { draft: Draft }) => {
  const trial = useSettled(trialOf(draft))
  return (
    <div className="grid content-start gap-5 rail:border-line rail:border-l rail:pl-6">
      <DryRun draft={trial} />
      {trial ? (
        <SimulationView change={draft.isEnabled ? { rules: [trial] } : { without: [trial.policy_id] }} />
      ) : (
        <p className="text-ink-muted text-table">What would have changed is shown as soon as this is a policy.</p>
      )}
    </div>
  )
}

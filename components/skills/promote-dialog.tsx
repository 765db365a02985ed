'use client'

import { type FormEvent, useState } from 'react'
import { OverrideFields, overrideOf, useOverride } from '@/components/promotions/override-fields'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field, Input } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import { PermissionDiffView } from './permission-diff-view'
import { type Skill, type SkillState, STATES } from './skill-words'
import { usePassedRun, usePromote } from './use-skills'

type PromoteProps = { skill: Skill; target: SkillState; open: boolean; onOpenChange: (open: boolean) => void }

export const PromoteDialog = ({ open, onOpenChange, ...move }: PromoteProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`${move.skill.name} ${move.skill.version}: ${STATES[move.skill.state].name} → ${STATES[move.target].name}`}
    description={STATES[move.target].does}
    className="w-[min(620px,calc(100vw-24px))]"
  >
    <Form {...move} close={() => onOpenChange(false)} />
  </Dialog>
)

type FormProps = Pick<PromoteProps, 'skill' | 'target'> & { close: () => void }

const usePromotion = ({ skill, target, close }: FormProps) => {
  const promote = usePromote()
  const override = useOverride()
  const [isException, setException] = useState(false)
  const run = async () => {
    const body = { target_state: target, ...(isException ? overrideOf(override) : {}) }
    const params = { name: skill.name, version: skill.version }
    const answer = await promote.mutateAsync({ params, body }).catch(() => null)
    if (!answer) return
    notifyDone({
      text: `${skill.name} ${skill.version} is ${STATES[target].name.toLowerCase()}`,
      ...(answer.data.override_used ? { detail: 'By an override: a second person acknowledges its receipt.' } : {}),
      auditHref: auditHref(answer.requestId),
    })
    close()
  }
  return { promote, override, isException, setException, run }
}

const Form = (props: FormProps) => {
  const { skill, target, close } = props
  const own = usePromotion(props)
  const [typed, setTyped] = useState('')
  const { isKnown, passed } = usePassedRun(skill)
  const lacksTests = target === 'tested' && skill.state === 'draft' && isKnown && passed === null
  const mustType = target === 'deprecated'
  const isReady = (!mustType || typed === skill.name) && (lacksTests ? own.isException && own.override.isReady : true)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) void own.run()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      {target === 'active' || target === 'approved' ? <PermissionDiffView skill={skill} /> : null}
      {lacksTests ? <WithoutTests own={own} /> : null}
      {mustType ? (
        <Field label={`Type ${skill.name} to confirm`}>
          {(wiring) => <Input {...wiring} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      ) : null}
      {own.promote.error ? <ErrorLine error={own.promote.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look={mustType ? 'danger' : 'primary'}
          pending={own.promote.isPending}
          disabled={!isReady}
        >
          {own.isException ? `Make it ${STATES[target].name} by override` : `Make it ${STATES[target].name}`}
        </Button>
      </DialogFooter>
    </form>
  )
}

const WithoutTests = ({ own }: { own: ReturnType<typeof usePromotion> }) => {
  const may = useMay('override:use')
  return (
    <div className="grid gap-3">
      <p className="rounded-md bg-warn-soft px-3 py-2 text-table text-warn">
        No test run has passed on exactly this content, so this is refused. Run its tests first
        {may ? ', or pass the check with a receipt' : ''}.
      </p>
      {may ? (
        <Check
          label="Pass the check"
          hint="Leaves a receipt that a second person has to acknowledge."
          checked={own.isException}
          onChange={(event) => own.setException(event.target.checked)}
        />
      ) : null}
      {own.isException ? <OverrideFields override={own.override} error={own.promote.error} /> : null}
    </div>
  )
}

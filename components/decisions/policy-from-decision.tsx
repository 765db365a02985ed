'use client'

import { FilePlus2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { EFFECT_OPTIONS, policyHref } from '@/components/policies/policy-words'
import { useMay, useMaySeeTexts } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import { type DecisionDetail, EFFECTS } from '@/lib/governance/contract'
import { whatOf } from './decision-words'
import { useDraftPolicy } from './use-decisions'

type Props = { decision: DecisionDetail }

export const PolicyFromDecision = ({ decision }: Props) => {
  const [open, setOpen] = useState(false)
  if (!useMay('policy:manage')) return null
  return (
    <div>
      <Button size="small" onClick={() => setOpen(true)}>
        <FilePlus2 aria-hidden className="size-3.5" /> Make a policy of it…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`A policy for ${whatOf(decision)}`}
        description="It is made for this tool and this place, and does nothing until somebody enables it."
      >
        <Form decision={decision} close={() => setOpen(false)} />
      </Dialog>
    </div>
  )
}

const FIELDS = [
  { name: 'agent_role', label: 'Only for this role' },
  { name: 'user_id', label: 'Only for this user' },
  { name: 'risk_level', label: 'Only at this risk level' },
]

const argumentsOf = ({ action }: DecisionDetail): string[] => {
  const sent = typeof action === 'object' && action !== null && 'arguments' in action ? action.arguments : null
  return typeof sent === 'object' && sent !== null ? Object.keys(sent).slice(0, 12) : []
}

const Form = ({ decision, close }: Props & { close: () => void }) => {
  const router = useRouter()
  const [effect, setEffect] = useState<(typeof EFFECTS)[number]>('require_approval')
  const [included, setIncluded] = useState<readonly string[]>(['agent_role'])
  const draft = useDraftPolicy()
  const sent = useMaySeeTexts() ? argumentsOf(decision) : []
  const fields = [...FIELDS, ...sent.map((name) => ({ name: `arguments.${name}`, label: `Only with this ${name}` }))]
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { decision_id: decision.decision_id, effect: { decision: effect }, include: [...included] }
    const answer = await draft.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The policy is made; it is still disabled', auditHref: auditHref(answer.requestId) })
    close()
    router.push(policyHref(answer.data.policy.policy_id))
  }
  const toggle = (name: string, isOn: boolean) =>
    setIncluded((held) => (isOn ? [...held, name] : held.filter((one) => one !== name)))
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Then">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={EFFECT_OPTIONS}
            value={effect}
            onChange={(event) => setEffect(EFFECTS.find((one) => one === event.target.value) ?? 'require_approval')}
          />
        )}
      </Field>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium text-ink text-table">It applies</legend>
        {fields.map(({ name, label }) => (
          <Check
            key={name}
            label={label}
            checked={included.includes(name)}
            onChange={(event) => toggle(name, event.target.checked)}
          />
        ))}
      </fieldset>
      {draft.error ? <ErrorLine error={draft.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={draft.isPending}>
          Make the policy
        </Button>
      </DialogFooter>
    </form>
  )
}

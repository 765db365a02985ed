'use client'

import { useState } from 'react'
import { ChangeSummary } from '@/components/promotions/change-summary'
import { Dialog } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { VersionChoice } from '@/components/workspaces/version-choice'
import { shortVersion } from '@/components/workspaces/workspace-words'
import { isApiError } from '@/lib/shared/api-client'
import { ActForm } from './act-dialog'
import type { ActProps } from './act-props'
import { readSkillPins, skillPinLines } from './environment-words'
import { MovedOn } from './moved-on'
import { useSetPin } from './use-environments'

export const PinDialog = ({ open, onOpenChange, ...props }: ActProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Pin a version in ${props.environment.environment}`}
    description="A pin passes no gate; on the way to everybody a promotion shows what it would do first."
    className="w-[min(680px,calc(100vw-24px))]"
  >
    <Form {...props} close={() => onOpenChange(false)} />
  </Dialog>
)

type FormProps = Omit<ActProps, 'open' | 'onOpenChange'> & { close: () => void }

const usePinForm = ({ workspaceId, environment, recent }: FormProps) => {
  const { pin, environment: name } = environment
  const save = useSetPin()
  const [hash, setHash] = useState(recent[0]?.version_hash ?? pin?.version_hash ?? '')
  const [model, setModel] = useState(pin?.model_pin ?? '')
  const [provider, setProvider] = useState(pin?.provider_pin ?? '')
  const [skills, setSkills] = useState(skillPinLines(pin?.skill_pins ?? {}))
  // What was on screen when the dialog opened: whoever was faster meanwhile is not overwritten unseen.
  const [revision, setRevision] = useState(pin?.revision ?? 0)
  const read = readSkillPins(skills)
  const textOrNone = (text: string) => (text.trim() === '' ? null : text.trim())
  const act = (reason: string) =>
    save
      .mutateAsync({
        body: {
          ...{ workspace_id: workspaceId, environment: name, version_hash: hash, skill_pins: read.pins },
          ...{ model_pin: textOrNone(model), provider_pin: textOrNone(provider), expected_revision: revision },
          ...(reason === '' ? {} : { reason }),
        },
      })
      .catch(() => null)
  return {
    ...{ save, hash, setHash, model, setModel, provider, setProvider, skills, setSkills, read, act },
    takeOver: () => {
      setRevision(pin?.revision ?? 0)
      save.reset()
    },
  }
}

const Form = (props: FormProps) => {
  const { workspaceId, environment, recent, close } = props
  const form = usePinForm(props)
  const { environment: name, pin } = environment
  const faults = fieldErrors(form.save.error)
  const skillFault = form.read.faults.length > 0 ? `Not name@x.y.z: ${form.read.faults.join(', ')}` : undefined
  const isMoved = isApiError(form.save.error) && form.save.error.code === 'version_conflict'
  if (form.hash === '') return <p className="text-ink-soft text-table">There is no version that could be pinned yet.</p>
  return (
    <ActForm
      verb={`Pin ${shortVersion(form.hash)} in ${name}`}
      done={`${name} runs ${shortVersion(form.hash)}`}
      consequence={`From now on every run in ${name} gets exactly this version. Runs that are under way keep what they began with. The pin before stays in the history, so that one can go back to it.`}
      act={form.act}
      error={form.save.error}
      {...(isMoved ? { explained: <MovedOn environment={environment} onTakeOver={form.takeOver} /> } : {})}
      isPending={form.save.isPending}
      disabled={skillFault !== undefined}
      close={close}
    >
      <div className="grid gap-1.5">
        <p className="font-medium text-ink text-table">Version</p>
        <VersionChoice label="Version" value={form.hash} recent={recent} onChoose={form.setHash} />
        {faults['version_hash'] ? <p className="text-bad text-meta">{faults['version_hash']}</p> : null}
      </div>
      {pin && pin.version_hash !== form.hash ? (
        <ChangeSummary workspaceId={workspaceId} from={pin.version_hash} to={form.hash} />
      ) : null}
      <OtherFields form={form} faults={faults} skillFault={skillFault} />
    </ActForm>
  )
}

type Fields = { form: ReturnType<typeof usePinForm>; faults: Record<string, string>; skillFault: string | undefined }

const OtherFields = ({ form, faults, skillFault }: Fields) => (
  <>
    <div className="grid gap-4 phone:grid-cols-2">
      <Field label="Model" hint="Empty: as the run asks" error={faults['model_pin']}>
        {(wiring) => (
          <Input
            {...wiring}
            value={form.model}
            onChange={(event) => form.setModel(event.target.value)}
            maxLength={200}
          />
        )}
      </Field>
      <Field label="Provider" hint="Empty: as the run asks" error={faults['provider_pin']}>
        {(wiring) => (
          <Input
            {...wiring}
            value={form.provider}
            onChange={(event) => form.setProvider(event.target.value)}
            maxLength={200}
          />
        )}
      </Field>
    </div>
    <Field
      label="Skills of the registry"
      hint="One a line, as name@1.2.3. Empty: as the workspace asks in skills/registry.yaml."
      error={skillFault ?? faults['skill_pins']}
    >
      {(wiring) => (
        <Textarea
          {...wiring}
          rows={2}
          spellCheck={false}
          className="font-mono text-meta"
          value={form.skills}
          onChange={(event) => form.setSkills(event.target.value)}
        />
      )}
    </Field>
  </>
)

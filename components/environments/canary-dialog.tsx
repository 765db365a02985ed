'use client'

import { useState } from 'react'
import { ChangeSummary } from '@/components/promotions/change-summary'
import { plural } from '@/components/traces/trace-words'
import { Dialog } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { VersionChoice } from '@/components/workspaces/version-choice'
import { shortVersion } from '@/components/workspaces/workspace-words'
import { ActForm } from './act-dialog'
import type { ActProps } from './act-props'
import { namesIn } from './environment-words'
import { useSetCanary } from './use-environments'

export const CanaryDialog = ({ open, onOpenChange, ...props }: ActProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`${props.environment.pin?.canary ? 'Change the' : 'Start a'} canary in ${props.environment.environment}`}
    description="A part of the people gets another version. The same person always gets the same one."
    className="w-[min(620px,calc(100vw-24px))]"
  >
    <Form {...props} close={() => onOpenChange(false)} />
  </Dialog>
)

type FormProps = Omit<ActProps, 'open' | 'onOpenChange'> & { close: () => void }

const percentIn = (text: string): number | null => (/^(?:100|\d{1,2})$/.test(text.trim()) ? Number(text) : null)

const useCanaryForm = ({ workspaceId, environment, recent }: FormProps) => {
  const { pin, environment: name } = environment
  const running = pin?.canary ?? null
  const save = useSetCanary()
  const other = recent.find(({ version_hash: hash }) => hash !== pin?.version_hash)?.version_hash
  const [hash, setHash] = useState(running?.version_hash ?? other ?? '')
  const [percent, setPercent] = useState(String(running?.percent ?? 10))
  const [users, setUsers] = useState(running?.users.join('\n') ?? '')
  const [revision] = useState(pin?.revision ?? 0)
  const share = percentIn(percent)
  const named = namesIn(users)
  const act = (reason: string) =>
    save
      .mutateAsync({
        params: { workspaceId },
        body: {
          ...{ environment: name, version_hash: hash, percent: share ?? 0, users: named, expected_revision: revision },
          ...(reason === '' ? {} : { reason }),
        },
      })
      .catch(() => null)
  return { save, hash, setHash, percent, setPercent, users, setUsers, share, named, act }
}

const Form = (props: FormProps) => {
  const { workspaceId, environment, recent, close } = props
  const form = useCanaryForm(props)
  const { environment: name, pin } = environment
  if (form.hash === '' || !pin)
    return <p className="text-ink-soft text-table">There is no other version that a canary could run.</p>
  const faults = fieldErrors(form.save.error)
  const who = [
    ...(form.share ? [`about ${form.share} in 100 people`] : []),
    ...(form.named.length > 0 ? [plural(form.named.length, 'named person', 'named people')] : []),
  ].join(' and ')
  return (
    <ActForm
      verb={pin.canary ? 'Change the canary' : 'Start the canary'}
      done={`A canary runs in ${name}`}
      consequence={
        who === ''
          ? `Nobody gets ${shortVersion(form.hash)} yet; the canary only stands ready.`
          : `From now on ${who} in ${name} get ${shortVersion(form.hash)}; the others keep ${shortVersion(pin.version_hash)}.`
      }
      act={form.act}
      error={form.save.error}
      isPending={form.save.isPending}
      disabled={form.share === null}
      close={close}
    >
      <div className="grid gap-1.5">
        <p className="font-medium text-ink text-table">Version</p>
        <VersionChoice label="Version of the canary" value={form.hash} recent={recent} onChoose={form.setHash} />
        {faults['version_hash'] ? <p className="text-bad text-meta">{faults['version_hash']}</p> : null}
      </div>
      <ChangeSummary workspaceId={workspaceId} from={pin.version_hash} to={form.hash} />
      <Field label="Percent of people" error={form.share === null ? 'A whole number from 0 to 100' : faults['percent']}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="numeric"
            className="w-24"
            value={form.percent}
            onChange={(event) => form.setPercent(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="And these people"
        hint="User ids, one a line; they get it whatever the percentage."
        error={faults['users']}
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={2}
            className="font-mono text-meta"
            value={form.users}
            onChange={(event) => form.setUsers(event.target.value)}
          />
        )}
      </Field>
    </ActForm>
  )
}

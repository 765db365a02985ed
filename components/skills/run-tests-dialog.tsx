'use client'

import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import { opsPlayground } from '@/lib/runtime/contract'
import { queryFor } from '@/lib/shared/query'
import { declaredTests } from './manifest-parts'
import type { Skill } from './skill-words'
import { useTestSkill } from './use-skills'

type RunProps = { skill: Skill; onDone: () => void }

export const RunTests = ({ skill, onDone }: RunProps) => {
  const [open, setOpen] = useState(false)
  const may = useMay('skill:publish')
  const count = declaredTests(skill.manifest).length
  if (!may || count === 0) return null
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <FlaskConical aria-hidden className="size-4" /> Run tests…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Run the tests of ${skill.name} ${skill.version}`}
        description={`${count} ${count === 1 ? 'run' : 'runs'} through the real loop, charged and traced like any other. No tool that writes is called.`}
      >
        <Form skill={skill} onDone={onDone} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const DEFAULT = ''

const useOffer = () => useQuery({ ...queryFor(opsPlayground, { query: {} }), staleTime: 60_000, retry: false })

const optionsOf = (workspace: string, model: string, isMocked: boolean) => ({
  mock_tools: isMocked,
  ...(workspace === DEFAULT ? {} : { workspace_id: workspace }),
  ...(model === DEFAULT ? {} : { model }),
})

const Form = ({ skill, onDone, close }: RunProps & { close: () => void }) => {
  const [workspace, setWorkspace] = useState(DEFAULT)
  const [model, setModel] = useState('')
  const [isMocked, setMocked] = useState(true)
  const { data: offer } = useOffer()
  const test = useTestSkill()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const query = { version: skill.version }
    const body = optionsOf(workspace, model, isMocked)
    const answer = await test.mutateAsync({ params: { name: skill.name }, query, body }).catch(() => null)
    if (!answer) return
    const { total, failed } = answer.data.summary
    if (failed > 0) notifyFailed({ text: `${failed} of ${total} tests failed`, detail: 'Each is a trace to look at.' })
    else notifyDone({ text: 'Every test passed', auditHref: auditHref(answer.requestId) })
    onDone()
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Among the files of" error={fieldErrors(test.error)['workspace_id']}>
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={[
              { value: DEFAULT, label: 'The default workspace' },
              ...(offer?.workspaces ?? []).map(({ id }) => ({ value: id, label: id })),
            ]}
            value={workspace}
            onChange={(event) => setWorkspace(event.target.value)}
          />
        )}
      </Field>
      <Field label="Model" error={fieldErrors(test.error)['model']}>
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={[
              { value: DEFAULT, label: 'The usual one' },
              ...(offer?.models ?? []).map((one) => ({ value: one.name, label: one.name })),
            ]}
            value={model}
            onChange={(event) => setModel(event.target.value)}
          />
        )}
      </Field>
      <Check
        label="Mock all tools"
        hint={
          isMocked
            ? 'Tools answer what the tests say; any other refuses.'
            : 'Tools that only read are really called where a test does not mock them.'
        }
        checked={isMocked}
        onChange={(event) => setMocked(event.target.checked)}
      />
      {test.error ? <ErrorLine error={test.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={test.isPending}>
          Run the tests
        </Button>
      </DialogFooter>
    </form>
  )
}

'use client'

import { FlaskConical, TriangleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { type AgentView, useProbe } from './use-agents'

const PROBE = 'clasper-probe'

/** Tries out as an external agent what one may do; without an agent as one that nobody knows yet. */
export const ProbeButton = ({ agent }: { agent?: AgentView }) => {
  const [open, setOpen] = useState(false)
  if (!useMay('adapter:manage_keys')) return null
  return (
    <>
      <Button size={agent ? 'small' : 'medium'} onClick={() => setOpen(true)}>
        <FlaskConical aria-hidden className="size-3.5" /> Probe token…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        className="w-[min(600px,calc(100vw-24px))]"
        title="A probe token"
        description="With it you are an external agent for five minutes. You can never approve what you ask for with it."
      >
        <Form agent={agent} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const Form = ({ agent, close }: { agent: AgentView | undefined; close: () => void }) => {
  const [id, setId] = useState(agent?.adapter_id ?? PROBE)
  const [capabilities, setCapabilities] = useState(agent?.capabilities.join(', ') ?? 'chat')
  const probe = useProbe()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    probe.mutate({ adapter_id: id.trim(), capabilities })
  }
  if (probe.data) return <Token answer={probe.data.data} close={close} />
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Agent id" error={fieldErrors(probe.error)['adapter_id']}>
        {(wiring) => (
          <Input
            {...wiring}
            disabled={agent !== undefined}
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
        )}
      </Field>
      <Field label="Capabilities" hint="With commas between them" error={fieldErrors(probe.error)['capabilities']}>
        {(wiring) => (
          <Input {...wiring} value={capabilities} onChange={(event) => setCapabilities(event.target.value)} />
        )}
      </Field>
      {probe.error ? <ErrorLine error={probe.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={id.trim() === ''} pending={probe.isPending}>
          Make a token
        </Button>
      </DialogFooter>
    </form>
  )
}

type Answer = NonNullable<ReturnType<typeof useProbe>['data']>['data']

const lineFor = ({
  token,
  tenant_id,
  workspace_id,
  adapter_id,
  allowed_capabilities: capabilities,
}: Answer): string => {
  const asked = { tenant_id, workspace_id, adapter_id, requested_capabilities: capabilities, tool_count: 0 }
  const head = `-H 'X-Adapter-Token: ${token}' -H 'Content-Type: application/json'`
  return `curl -X POST '${location.origin}/api/execution/request' ${head} -d '${JSON.stringify(asked)}'`
}

const Token = ({ answer, close }: { answer: Answer; close: () => void }) => (
  <div className="grid gap-4">
    <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-table text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      It is shown once and is worth five minutes of what this agent may do.
    </p>
    <CodeBlock label="X-Adapter-Token" code={answer.token} anywhere />
    <CodeBlock label="Ask whether it may run" code={lineFor(answer)} anywhere />
    <DialogFooter>
      <Button look="primary" onClick={close}>
        Done
      </Button>
    </DialogFooter>
  </div>
)

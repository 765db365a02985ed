'use client'

import { Ban } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Skeleton } from '@/components/ui/skeleton'
import type { ReplayContext } from '@/lib/runtime/contract'
import { ModeChoice, ModelChoice, VersionChoice } from './replay-choices'
import { ReplayOutcome } from './replay-outcome'
import { askFor, RECORDED } from './replay-setup'
import { useReplay, useReplayContext } from './use-replay'

type ReplayFormProps = { id: string; onRunning: (isRunning: boolean) => void; close: () => void }

export const ReplayForm = (props: ReplayFormProps) => (
  <QueryView
    query={useReplayContext(props.id)}
    what="The record of this run"
    stillWorks="Its trace can still be read."
    skeleton={<Skeleton className="h-80 w-full" />}
  >
    {(context) =>
      context.is_replayable ? <Form {...props} context={context} /> : <Refused {...props} context={context} />
    }
  </QueryView>
)

type WithContext = ReplayFormProps & { context: ReplayContext }

const Refused = ({ context, close }: WithContext) => (
  <div className="grid gap-4">
    <p className="flex gap-2 rounded-md bg-warn-soft px-3 py-2 text-table text-warn">
      <Ban aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        <span className="font-medium">This trace cannot be run again. </span>
        {context.reason}
      </span>
    </p>
    <DialogFooter>
      <Button onClick={close}>Close</Button>
    </DialogFooter>
  </div>
)

const Form = ({ id, context, onRunning, close }: WithContext) => {
  const [setup, setSetup] = useState(RECORDED)
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({})
  const replay = useReplay()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const asked = askFor(setup)
    setFaults('faults' in asked ? asked.faults : {})
    if ('faults' in asked) return
    onRunning(true)
    await replay.mutateAsync({ params: { id }, body: asked.body }).catch(() => null)
    onRunning(false)
  }
  if (replay.data) return <ReplayOutcome reply={replay.data.data} again={replay.reset} />
  const change = (part: Partial<typeof setup>) => setSetup({ ...setup, ...part })
  const said = { ...fieldErrors(replay.error), ...faults }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-5">
      <ModeChoice setup={setup} onChange={change} />
      <VersionChoice setup={setup} onChange={change} faults={said} hash={context.workspace_snapshot.hash} />
      <ModelChoice setup={setup} onChange={change} faults={said} context={context} />
      {replay.error ? <ErrorLine error={replay.error} /> : null}
      <DialogFooter>
        {replay.isPending ? (
          <p role="status" className="mr-auto self-center text-ink-muted text-table">
            Running it again…
          </p>
        ) : null}
        <Button onClick={close} disabled={replay.isPending}>
          Cancel
        </Button>
        <Button type="submit" look="primary" pending={replay.isPending}>
          Run replay
        </Button>
      </DialogFooter>
    </form>
  )
}

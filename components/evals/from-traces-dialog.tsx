'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field, Textarea } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import type { Dataset } from '@/lib/evals/contract'
import { wordLink } from './eval-words'
import { traceIdsIn } from './trace-ids'
import { useAddTraces } from './use-datasets'

type Props = { dataset: Dataset; open: boolean; onOpenChange: (open: boolean) => void }

export const FromTracesDialog = ({ dataset, open, onOpenChange }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Cases of ${dataset.name} from traces`}
    description="What each run was asked becomes a case. Whoever may see evaluations sees it from then on, and each trace gets a row in the audit log."
    className="w-[min(620px,calc(100vw-24px))]"
  >
    <Form dataset={dataset} close={() => onOpenChange(false)} />
  </Dialog>
)

const counted = (count: number): string => (count === 1 ? 'One case' : `${count} cases`)

export const useTaking = () => {
  const [answers, setAnswers] = useState(false)
  const [calls, setCalls] = useState(false)
  const [mocks, setMocks] = useState(false)
  const body = { expect_answer: answers, expect_tool_calls: calls, with_mocks: mocks }
  return { answers, setAnswers, calls, setCalls, mocks, setMocks, body }
}

export const TakingFields = ({ taking }: { taking: ReturnType<typeof useTaking> }) => (
  <fieldset className="grid gap-2">
    <legend className="mb-1 font-medium text-ink text-table">What is expected of a run that is as good</legend>
    <Check
      label="The answer that was given"
      hint="Leave it out where the answer was not good."
      checked={taking.answers}
      onChange={(event) => taking.setAnswers(event.target.checked)}
    />
    <Check
      label="The tools that were called"
      checked={taking.calls}
      onChange={(event) => taking.setCalls(event.target.checked)}
    />
    <Check
      label="Tools answer what they answered then"
      hint="As mocks of the case"
      checked={taking.mocks}
      onChange={(event) => taking.setMocks(event.target.checked)}
    />
  </fieldset>
)

const Form = ({ dataset, close }: { dataset: Dataset; close: () => void }) => {
  const [text, setText] = useState('')
  const taking = useTaking()
  const add = useAddTraces()
  const { ids, strange } = traceIdsIn(text)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { trace_ids: ids, ...taking.body }
    const answer = await add.mutateAsync({ params: { name: dataset.name }, body }).catch(() => null)
    if (!answer) return
    const { added, skipped, dataset: saved } = answer.data
    const [left] = skipped
    notifyDone({
      text: `${counted(added)} from traces in v${saved.version}`,
      ...(left ? { detail: `${skipped.length} left out: ${left.reason}` } : {}),
      auditHref: auditHref(answer.requestId),
    })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field
        label="Traces"
        hint={
          <>
            Ids or addresses, one a line. The{' '}
            <a href="/ops/traces" className={wordLink}>
              list of traces
            </a>{' '}
            takes them straight from a selection.
          </>
        }
        error={strange.length > 0 ? `No trace id: ${strange.slice(0, 3).join(', ')}` : undefined}
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={5}
            spellCheck={false}
            className="font-mono text-meta"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <TakingFields taking={taking} />
      {add.error ? <ErrorLine error={add.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={add.isPending} disabled={ids.length === 0 || ids.length > 500}>
          {ids.length === 0 ? 'Add cases' : `Add ${counted(ids.length).toLowerCase()}`}
        </Button>
      </DialogFooter>
    </form>
  )
}

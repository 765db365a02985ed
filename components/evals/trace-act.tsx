'use client'

import { FlaskConical } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import { TakingFields, useTaking } from './from-traces-dialog'
import { useAddTraces, useDatasets, useQueueTraces } from './use-datasets'

type ActProps = { ids: readonly string[]; onDone?: () => void; size?: 'small' | 'medium' }

/** Runs of the day become what the next version is tried with: at once, or after a person has looked. */
export const EvaluateTraces = ({ ids, onDone, size = 'small' }: ActProps) => {
  const [open, setOpen] = useState(false)
  if (!useMay('eval:run')) return null
  const many = ids.length === 1 ? 'this run' : `these ${ids.length} runs`
  const done = () => {
    setOpen(false)
    onDone?.()
  }
  return (
    <>
      <Button size={size} onClick={() => setOpen(true)}>
        <FlaskConical aria-hidden className={size === 'small' ? 'size-3.5' : 'size-4'} /> Evaluate…
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Make cases of ${many}`}>
        <Ways ids={ids} done={done} />
      </Dialog>
    </>
  )
}

const WAYS = [
  { value: 'queue', label: 'A person looks at them first' },
  { value: 'dataset', label: 'Straight into a dataset' },
]

const Ways = ({ ids, done }: { ids: readonly string[]; done: () => void }) => {
  const mayTake = useMay('trace:reveal')
  const [way, setWay] = useState('queue')
  return (
    <div className="grid gap-4">
      {mayTake ? (
        <Field label="How">
          {(wiring) => (
            <Select
              {...wiring}
              className="w-full"
              options={WAYS}
              value={way}
              onChange={(event) => setWay(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      {way === 'queue' || !mayTake ? <QueueForm ids={ids} done={done} /> : <DatasetForm ids={ids} done={done} />}
    </div>
  )
}

type FormProps = { ids: readonly string[]; done: () => void }

const QueueForm = ({ ids, done }: FormProps) => {
  const [queue, setQueue] = useState('default')
  const [reason, setReason] = useState('')
  const put = useQueueTraces()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const said = reason.trim() === '' ? {} : { reason: reason.trim() }
    const body = { queue: queue.trim(), trace_ids: [...ids], ...said }
    const answer = await put.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    const { added, known } = answer.data
    notifyDone({
      text: `${added} in the queue`,
      ...(known > 0 ? { detail: `${known} were in it already` } : {}),
      auditHref: auditHref(answer.requestId),
    })
    done()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <p className="text-ink-muted text-table">
        They wait in Evals, Queue, until somebody says what would have been good.
      </p>
      <Field label="Queue" hint="A short name in small letters" error={fieldErrors(put.error)['queue']}>
        {(wiring) => <Input {...wiring} value={queue} onChange={(event) => setQueue(event.target.value)} />}
      </Field>
      <Field label="Why" hint="For whoever looks at them">
        {(wiring) => (
          <Input {...wiring} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      {put.error ? <ErrorLine error={put.error} /> : null}
      <DialogFooter>
        <Button type="submit" look="primary" pending={put.isPending} disabled={queue.trim() === ''}>
          Put into the queue
        </Button>
      </DialogFooter>
    </form>
  )
}

const DatasetForm = ({ ids, done }: FormProps) => {
  const [name, setName] = useState('')
  const taking = useTaking()
  const { data } = useDatasets({ limit: '100' })
  const add = useAddTraces()
  const names = (data?.datasets ?? []).map((one) => ({ value: one.name, label: one.name }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { trace_ids: [...ids], ...taking.body }
    const answer = await add.mutateAsync({ params: { name }, body }).catch(() => null)
    if (!answer) return
    const { added, skipped } = answer.data
    const [left] = skipped
    notifyDone({
      text: `${added} added to ${name}`,
      ...(left ? { detail: `${skipped.length} left out: ${left.reason}` } : {}),
      auditHref: auditHref(answer.requestId),
    })
    done()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Dataset" hint="Whoever may see evaluations sees what was asked from then on.">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={[{ value: '', label: 'Choose one' }, ...names]}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <TakingFields taking={taking} />
      {add.error ? <ErrorLine error={add.error} /> : null}
      <DialogFooter>
        <Button type="submit" look="primary" pending={add.isPending} disabled={name === ''}>
          Add to the dataset
        </Button>
      </DialogFooter>
    </form>
  )
}

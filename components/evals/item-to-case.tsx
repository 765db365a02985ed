'use client'

import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { QueueItem } from '@/lib/evals/contract'
import { useDatasets, useItemToCase } from './use-datasets'
import { useDeskKeys } from './use-queue-keys'

type ToCaseProps = { item: QueueItem; save: () => Promise<boolean>; isReady: boolean; onDone: () => void }

export const ItemToCase = (props: ToCaseProps) => {
  const [open, setOpen] = useState(false)
  const may = useMay('trace:reveal')
  useDeskKeys(may && props.isReady ? { c: () => setOpen(true) } : {})
  if (!may)
    return (
      <span className="text-ink-muted text-table">
        Making a case of it takes what was said out: an admin does that.
      </span>
    )
  return (
    <>
      <Button aria-keyshortcuts="c" disabled={!props.isReady} onClick={() => setOpen(true)}>
        Make a case…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Make a case of it"
        description="What the run was asked, with the answer that you wrote, becomes a case of the next version of a dataset. After that the item is closed."
      >
        <Form {...props} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const NEW = ''

const Form = ({ item, save, onDone, close }: ToCaseProps & { close: () => void }) => {
  const { data } = useDatasets({ limit: '100' })
  const [chosen, setChosen] = useState<string | null>(null)
  const [fresh, setFresh] = useState('')
  const make = useItemToCase()
  const names = (data?.datasets ?? []).map((one) => ({ value: one.name, label: one.name }))
  const dataset = chosen ?? names[0]?.value ?? NEW
  const name = dataset === NEW ? fresh.trim() : dataset
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (name === '' || !(await save())) return
    const answer = await make.mutateAsync({ params: { id: item.id }, body: { dataset: name } }).catch(() => null)
    if (!answer) return
    notifyDone({
      text: `A case of ${name}, v${answer.data.dataset_version}`,
      auditHref: auditHref(answer.requestId),
    })
    close()
    onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="Dataset">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={[...names, { value: NEW, label: 'A new one' }]}
            value={dataset}
            onChange={(event) => setChosen(event.target.value)}
          />
        )}
      </Field>
      {dataset === NEW ? (
        <Field label="Its name">
          {(wiring) => (
            <Input {...wiring} maxLength={120} value={fresh} onChange={(event) => setFresh(event.target.value)} />
          )}
        </Field>
      ) : null}
      {make.error ? <ErrorLine error={make.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={make.isPending} disabled={name === ''}>
          Make the case
        </Button>
      </DialogFooter>
    </form>
  )
}

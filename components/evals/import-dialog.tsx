'use client'

import { useRouter } from 'next/navigation'
import { type ChangeEvent, type FormEvent, useState } from 'react'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { Dataset } from '@/lib/evals/contract'
import { datasetHref } from './eval-words'
import { formatOfText, type ImportFormat } from './import-format'
import { SaveFaults } from './save-faults'
import { useSaveDataset } from './use-datasets'

type ImportProps = { dataset: Dataset | null; open: boolean; onOpenChange: (open: boolean) => void }

export const ImportDialog = ({ dataset, open, onOpenChange }: ImportProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={dataset ? `Import cases into ${dataset.name}` : 'A new dataset'}
    description={
      dataset
        ? 'They become its next version. Versions before stay as they are.'
        : 'A name and its first cases. More can be added one by one, or from traces.'
    }
    className="w-[min(720px,calc(100vw-24px))]"
  >
    <Form dataset={dataset} close={() => onOpenChange(false)} />
  </Dialog>
)

const FORMATS = [
  { value: 'jsonl', label: 'JSON lines' },
  { value: 'json', label: 'JSON' },
  { value: 'csv', label: 'CSV' },
]

const MODES = [
  { value: 'merge', label: 'Add them; those of the same id are replaced' },
  { value: 'replace', label: 'Replace all cases by these' },
]

const useImport = (dataset: Dataset | null, close: () => void) => {
  const [name, setName] = useState(dataset?.name ?? '')
  const [description, setDescription] = useState('')
  const [content, setContent] = useState('')
  const [chosen, setFormat] = useState<ImportFormat | null>(null)
  const [mode, setMode] = useState<'merge' | 'replace'>('merge')
  const [message, setMessage] = useState('')
  const save = useSaveDataset()
  const router = useRouter()
  const format = chosen ?? formatOfText(content)
  const send = async () => {
    const words = {
      ...(description.trim() === '' ? {} : { description: description.trim() }),
      ...(message.trim() === '' ? {} : { message: message.trim() }),
    }
    const kept = dataset ? { mode, expected_version: dataset.version } : { expected_version: 0 }
    const body = { name: name.trim(), content, format, ...words, ...kept }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    const { dataset: saved, is_new: isNew } = answer.data
    notifyDone({
      text: isNew ? `${saved.name} v${saved.version} has ${saved.case_count} cases` : 'Nothing changed by it',
      auditHref: isNew ? auditHref(answer.requestId) : undefined,
    })
    close()
    router.push(datasetHref(saved.name))
  }
  const fields = { name, setName, description, setDescription, content, setContent, mode, setMode, message, setMessage }
  return { ...fields, format, setFormat, save, send }
}

const Form = ({ dataset, close }: { dataset: Dataset | null; close: () => void }) => {
  const own = useImport(dataset, close)
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    if (!file) return
    own.setContent(await file.text())
    own.setFormat(FORMATS.find(({ value }) => file.name.toLowerCase().endsWith(`.${value}`))?.value as ImportFormat)
    event.target.value = ''
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void own.send()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      {dataset ? null : <Named own={own} />}
      <Field label="Cases" hint="One a line for JSON lines; columns input and expected_output for CSV.">
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={10}
            spellCheck={false}
            className="font-mono text-meta"
            placeholder='{"input": "Capital of France?", "expected_output": "Paris"}'
            value={own.content}
            onChange={(event) => own.setContent(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-3 sheet:grid-cols-2">
        <Field label="Or choose a file">
          {(wiring) => (
            <input
              {...wiring}
              type="file"
              accept=".jsonl,.json,.csv"
              onChange={(event) => void choose(event)}
              className="block w-full text-ink-soft text-table file:mr-3 file:h-8 file:rounded-md file:border file:border-line file:border-solid file:bg-surface file:px-3 file:font-medium file:text-ink file:text-table"
            />
          )}
        </Field>
        <Field label="Format">
          {(wiring) => (
            <Select
              {...wiring}
              className="w-full"
              options={FORMATS}
              value={own.format}
              onChange={(event) =>
                own.setFormat(
                  (FORMATS.find(({ value }) => value === event.target.value)?.value ?? 'jsonl') as ImportFormat,
                )
              }
            />
          )}
        </Field>
      </div>
      {dataset ? <Change own={own} /> : null}
      {own.save.error ? <SaveFaults error={own.save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look="primary"
          pending={own.save.isPending}
          disabled={own.content.trim() === '' || own.name.trim() === ''}
        >
          {dataset ? 'Import' : 'Make the dataset'}
        </Button>
      </DialogFooter>
    </form>
  )
}

type Own = ReturnType<typeof useImport>

const Named = ({ own }: { own: Own }) => (
  <div className="grid gap-3 sheet:grid-cols-2">
    <Field label="Name" hint="Letters, digits, spaces and . _ -" error={fieldErrors(own.save.error)['name']}>
      {(wiring) => (
        <Input {...wiring} maxLength={120} value={own.name} onChange={(event) => own.setName(event.target.value)} />
      )}
    </Field>
    <Field label="What it is for">
      {(wiring) => (
        <Input {...wiring} value={own.description} onChange={(event) => own.setDescription(event.target.value)} />
      )}
    </Field>
  </div>
)

const Change = ({ own }: { own: Own }) => (
  <div className="grid gap-3 sheet:grid-cols-2">
    <Field label="With the cases that are there">
      {(wiring) => (
        <Select
          {...wiring}
          className="w-full"
          options={MODES}
          value={own.mode}
          onChange={(event) => own.setMode(event.target.value === 'replace' ? 'replace' : 'merge')}
        />
      )}
    </Field>
    <Field label="Message" hint="What changes and why">
      {(wiring) => (
        <Input
          {...wiring}
          maxLength={500}
          value={own.message}
          onChange={(event) => own.setMessage(event.target.value)}
        />
      )}
    </Field>
  </div>
)

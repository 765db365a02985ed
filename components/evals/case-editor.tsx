'use client'

import { type FormEvent, useState } from 'react'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import { type Dataset, EvalCase } from '@/lib/evals/contract'
import { type CaseDraft, caseOf, draftOf } from './case-draft'
import { SaveFaults } from './save-faults'
import type { StoredCase } from './use-dataset-place'
import { useSaveDataset } from './use-datasets'

type EditorProps = { dataset: Dataset; one: StoredCase | null; open: boolean; onOpenChange: (open: boolean) => void }

export const CaseEditor = ({ dataset, one, open, onOpenChange }: EditorProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={one ? `Change ${one.name ?? one.id}` : `A case for ${dataset.name}`}
    description={`It is saved as v${dataset.version + 1}. The versions before keep what they have.`}
    className="w-[min(680px,calc(100vw-24px))]"
  >
    <Form dataset={dataset} one={one} close={() => onOpenChange(false)} />
  </Dialog>
)

type Faults = Record<string, string>

// The contract's own word on a case, told at the field that it is about.
const judged = (made: Record<string, unknown>, faults: Faults): { body: EvalCase | null; faults: Faults } => {
  if (Object.keys(faults).length > 0) return { body: null, faults }
  const parsed = EvalCase.safeParse(made)
  if (parsed.success) return { body: parsed.data, faults }
  const [issue] = parsed.error.issues
  const field = String(issue?.path[0] ?? '')
  const own = { id: 'id', name: 'name', input: 'input', expected_output: 'expected', tags: 'tags' }[field as 'id']
  return { body: null, faults: { [own ?? 'more']: `${issue?.path.join('.')} ${issue?.message}` } }
}

const Form = ({ dataset, one, close }: Omit<EditorProps, 'open' | 'onOpenChange'> & { close: () => void }) => {
  const [draft, setDraft] = useState(() => draftOf(one))
  const [isTried, setTried] = useState(false)
  const save = useSaveDataset()
  const { made, faults: first } = caseOf(draft)
  const { body, faults } = judged(made, first)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body === null) return
    const input = { name: dataset.name, mode: 'merge' as const, cases: [body], expected_version: dataset.version }
    const answer = await save.mutateAsync({ body: input }).catch(() => null)
    if (!answer) return
    const { is_new: isNew, dataset: saved } = answer.data
    notifyDone({
      text: isNew ? `Saved as v${saved.version}` : 'Nothing changed, so there is no new version',
      auditHref: isNew ? auditHref(answer.requestId) : undefined,
    })
    close()
  }
  const field = {
    draft,
    faults: isTried ? faults : {},
    set: (change: Partial<CaseDraft>) => setDraft({ ...draft, ...change }),
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <Long {...field} name="input" label="Asked" hint="A text, or a JSON object" rows={4} />
      <Long {...field} name="expected" label="Expected" hint="What a good answer is; may stay empty" rows={3} />
      <div className="grid gap-3 sheet:grid-cols-2">
        <Short {...field} name="name" label="Name" hint="For people" />
        <Short {...field} name="tags" label="Tags" hint="With commas between" />
      </div>
      {one ? null : <Short {...field} name="id" label="Id" hint="Empty: made from what is asked" />}
      <Long
        {...field}
        name="more"
        label="More, as JSON"
        hint="expected_tool_calls, acceptable_outputs, history, mocks, scorers, metadata"
        rows={4}
        mono
      />
      {save.error ? <SaveFaults error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={save.isPending}>
          Save as v{dataset.version + 1}
        </Button>
      </DialogFooter>
    </form>
  )
}

type FieldProps = {
  draft: CaseDraft
  faults: Faults
  set: (change: Partial<CaseDraft>) => void
  name: keyof CaseDraft
  label: string
  hint: string
}

const Short = ({ draft, faults, set, name, label, hint }: FieldProps) => (
  <Field label={label} hint={hint} error={faults[name]}>
    {(wiring) => <Input {...wiring} value={draft[name]} onChange={(event) => set({ [name]: event.target.value })} />}
  </Field>
)

const Long = ({ draft, faults, set, name, label, hint, rows, mono }: FieldProps & { rows: number; mono?: boolean }) => (
  <Field label={label} hint={hint} error={faults[name]}>
    {(wiring) => (
      <Textarea
        {...wiring}
        rows={rows}
        spellCheck={!mono}
        className={mono ? 'font-mono text-meta' : undefined}
        value={draft[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    )}
  </Field>
)

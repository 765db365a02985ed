'use client'

import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field, Input } from '@/components/ui/field'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone } from '@/components/ui/toast'
import { type Annotation, STANDARD_ANNOTATIONS } from '@/lib/tracing/contract'
import { useAnnotate, useAnnotations } from './use-annotations'

export const Annotations = ({ id }: { id: string }) => {
  const query = useAnnotations(id)
  const mayAnnotate = useMay('trace:annotate')
  return (
    <Card title="Annotations">
      <div className="grid gap-4">
        <QueryView query={query} what="The annotations" skeleton={<Skeleton className="h-12 w-full" />}>
          {({ annotations }) =>
            annotations.length === 0 ? (
              <p className="text-ink-muted text-table">None yet. They say what people found out about this trace.</p>
            ) : (
              <ol className="grid gap-2.5">
                {annotations.toReversed().map((annotation) => (
                  <Row key={annotation.id} annotation={annotation} />
                ))}
              </ol>
            )
          }
        </QueryView>
        {mayAnnotate ? <AnnotationForm id={id} /> : null}
      </div>
    </Card>
  )
}

const Row = ({ annotation }: { annotation: Annotation }) => (
  <li className="grid gap-0.5 text-table">
    <p className="min-w-0 break-words">
      <span className="font-medium text-ink">{annotation.key}</span>{' '}
      <span className="whitespace-pre-wrap text-ink-soft">{annotation.value}</span>
    </p>
    <p className="text-ink-muted text-meta">
      {annotation.created_by ?? 'A program'} · <RelativeTime iso={annotation.created_at} />
    </p>
  </li>
)

const AnnotationForm = ({ id }: { id: string }) => {
  const [key, setKey] = useState('note')
  const [value, setValue] = useState('')
  const annotate = useAnnotate()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const body = { key: key.trim(), value: value.trim() }
    const answer = await annotate.mutateAsync({ params: { id }, body }).catch(() => null)
    if (!answer) return
    setValue('')
    notifyDone({ text: `Annotated as ${body.key}`, auditHref: auditHref(answer.requestId) })
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-2">
      <div className="grid items-end gap-2 sheet:grid-cols-[120px_minmax(0,1fr)_auto]">
        <Field label="Kind">
          {(wiring) => (
            <>
              <Input {...wiring} list="annotation-kinds" value={key} onChange={(event) => setKey(event.target.value)} />
              <datalist id="annotation-kinds">
                {STANDARD_ANNOTATIONS.map((kind) => (
                  <option key={kind} value={kind} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label="Annotation">
          {(wiring) => <Input {...wiring} value={value} onChange={(event) => setValue(event.target.value)} />}
        </Field>
        <Button type="submit" pending={annotate.isPending} disabled={key.trim() === '' || value.trim() === ''}>
          Add annotation
        </Button>
      </div>
      <p className="text-ink-muted text-meta">None is ever changed or taken back; the newest of a kind counts.</p>
      {annotate.error ? <ErrorLine error={annotate.error} /> : null}
    </form>
  )
}

'use client'

import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { TraceStrip } from '@/components/traces/trace-strip'
import { TraceTexts } from '@/components/traces/trace-texts'
import { traceHref } from '@/components/traces/trace-words'
import { useTrace } from '@/components/traces/use-trace'
import { auditHref } from '@/components/ui/audit-href'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field, Input, Textarea } from '@/components/ui/field'
import { Kbd } from '@/components/ui/kbd'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone } from '@/components/ui/toast'
import type { QueueItem } from '@/lib/evals/contract'
import { rolesWith } from '@/lib/shared/rbac'
import { linkStyle, personOf, saidText } from './eval-words'
import { ItemToCase } from './item-to-case'
import { useChangeItem } from './use-datasets'
import { useDeskKeys } from './use-queue-keys'

type DeskProps = { item: QueueItem; place: string; onDecided: () => void }

/** One run to look at: what it did, and what would have been good. */
export const ItemDesk = ({ item, place, onDecided }: DeskProps) => (
  <div className="grid min-w-0 gap-4">
    <section aria-label="This item" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-table">
      <Badge tone={item.status === 'waiting' ? 'warn' : item.status === 'done' ? 'ok' : 'system'}>
        {item.status === 'waiting' ? 'Waits' : item.status === 'done' ? 'Done' : 'Skipped'}
      </Badge>
      <span className="min-w-0 break-words font-medium">{item.reason ?? 'No reason was given'}</span>
      <span className="text-ink-muted">
        queued by {personOf(item.created_by)}
        {item.done_by ? `, decided by ${personOf(item.done_by)}` : ''}
      </span>
      <a href={traceHref(item.trace_id)} className={linkStyle}>
        The whole trace
      </a>
      <span className="ml-auto text-ink-muted text-meta">{place}</span>
    </section>
    <Run id={item.trace_id} />
    <Decide item={item} onDecided={onDecided} />
  </div>
)

const Run = ({ id }: { id: string }) => (
  <QueryView query={useTrace(id)} what="The run" skeleton={<Skeleton className="h-64 rounded-md" />}>
    {({ trace }) => (
      <div className="grid gap-4">
        <TraceStrip trace={trace} />
        <TraceTexts trace={trace} />
      </div>
    )}
  </QueryView>
)

const Decide = ({ item, onDecided }: Pick<DeskProps, 'item' | 'onDecided'>) => {
  const may = useMay('eval:run')
  return (
    <Card title="What would have been good">
      {item.case_id !== null ? (
        <p className="text-ink-soft text-table">A case was made of it already: {item.case_id}. It stays as it is.</p>
      ) : may ? (
        <Form item={item} onDecided={onDecided} />
      ) : (
        <p className="text-ink-muted text-table">To decide one needs to be {needsRole(rolesWith('eval:run'))}.</p>
      )}
    </Card>
  )
}

const useDecision = ({ item, onDecided }: Pick<DeskProps, 'item' | 'onDecided'>) => {
  const [expected, setExpected] = useState(item.expected === null ? '' : saidText(item.expected))
  const [note, setNote] = useState(item.note ?? '')
  const change = useChangeItem()
  const said = note.trim() === '' ? {} : { note: note.trim() }
  const send = async (body: { status: 'done' | 'skipped' | 'waiting'; expected?: string }, text: string) => {
    const answer = await change.mutateAsync({ params: { id: item.id }, body: { ...body, ...said } }).catch(() => null)
    if (!answer) return false
    notifyDone({ text, auditHref: auditHref(answer.requestId) })
    return true
  }
  const save = () => send({ status: 'done', expected }, 'Kept')
  const done = async () => {
    if (expected.trim() !== '' && (await save())) onDecided()
  }
  const skip = async () => {
    if (await send({ status: 'skipped' }, 'Skipped')) onDecided()
  }
  const again = () => send({ status: 'waiting' }, 'It waits again')
  return { expected, setExpected, note, setNote, change, save, done, skip, again }
}

const isSend = (event: KeyboardEvent): boolean => event.key === 'Enter' && (event.ctrlKey || event.metaKey)

const Form = (props: Pick<DeskProps, 'item' | 'onDecided'>) => {
  const { item, onDecided } = props
  const own = useDecision(props)
  const box = useRef<HTMLTextAreaElement>(null)
  const isOpen = item.status === 'waiting'
  useDeskKeys({
    a: () => box.current?.focus(),
    ...(isOpen ? { s: () => void own.skip() } : {}),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void own.done()
  }
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (isSend(event)) void own.done()
      }}
      className="grid gap-4"
    >
      <Field label="A good answer" hint="What the run should have said. Ctrl and enter keeps it and goes on.">
        {(wiring) => (
          <Textarea
            {...wiring}
            ref={box}
            rows={4}
            value={own.expected}
            onChange={(event) => own.setExpected(event.target.value)}
          />
        )}
      </Field>
      <Field label="Note" hint="If there is something to say about it">
        {(wiring) => (
          <Input {...wiring} maxLength={2_000} value={own.note} onChange={(event) => own.setNote(event.target.value)} />
        )}
      </Field>
      {own.change.error ? <ErrorLine error={own.change.error} /> : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          look="primary"
          aria-keyshortcuts="Control+Enter"
          disabled={own.expected.trim() === ''}
          pending={own.change.isPending}
        >
          Keep and go on
        </Button>
        {isOpen ? (
          <Button aria-keyshortcuts="s" pending={own.change.isPending} onClick={() => void own.skip()}>
            Skip
          </Button>
        ) : (
          <Button pending={own.change.isPending} onClick={() => void own.again()}>
            Let it wait again
          </Button>
        )}
        <ItemToCase item={item} save={own.save} isReady={own.expected.trim() !== ''} onDone={onDecided} />
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-ink-muted text-meta max-sheet:hidden">
        <Key keys="j" does="next" />
        <Key keys="k" does="before" />
        <Key keys="a" does="write the answer" />
        {isOpen ? <Key keys="s" does="skip" /> : null}
        <Key keys="c" does="make a case" />
        <Key keys="ctrl enter" does="keep and go on" />
      </p>
    </form>
  )
}

const Key = ({ keys, does }: { keys: string; does: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <Kbd keys={keys} /> {does}
  </span>
)

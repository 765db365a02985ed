'use client'

import { Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { notifyDone } from '@/components/ui/toast'
import { evalHref } from './eval-words'
import { type FieldsProps, NEW_RUN, type RunDraft, runBody } from './run-draft'
import { ScorerFields } from './scorer-fields'
import { LimitFields, SubjectFields, WhatFields } from './start-fields'
import { useRunEval } from './use-evals'

type StartProps = { initial?: Partial<RunDraft>; label?: string; look?: 'primary' | 'plain' }

export const StartEval = ({ initial = {}, label = 'New run', look = 'primary' }: StartProps) => {
  const [open, setOpen] = useState(false)
  if (!useMay('eval:run')) return null
  return (
    <>
      <Button look={look} onClick={() => setOpen(true)}>
        <Play aria-hidden className="size-4" /> {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Evaluate"
        description="Every case goes through the real run loop: charged, budgeted and traced. No tool that writes is ever called."
        className="w-[min(760px,calc(100vw-24px))]"
      >
        <Form initial={initial} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const Form = ({ initial, close }: { initial: Partial<RunDraft>; close: () => void }) => {
  const [draft, setDraft] = useState<RunDraft>({ ...NEW_RUN, ...initial })
  const [isTried, setTried] = useState(false)
  const run = useRunEval()
  const router = useRouter()
  const { body, faults } = runBody(draft)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faults).length > 0) return
    const answer = await run.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The evaluation has begun', auditHref: auditHref(answer.requestId) })
    close()
    router.push(evalHref(answer.data.id))
  }
  const fields: FieldsProps = {
    draft,
    faults: isTried ? faults : {},
    set: (change) => setDraft({ ...draft, ...change }),
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-6">
      <WhatFields {...fields} />
      <SubjectFields {...fields} />
      <ScorerFields {...fields} />
      <LimitFields {...fields} />
      {run.error ? <ErrorLine error={run.error} /> : null}
      <DialogFooter>
        {isTried && Object.keys(faults).length > 0 ? (
          <p role="alert" className="mr-auto self-center text-bad text-table">
            Something is not filled in yet.
          </p>
        ) : null}
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={run.isPending}>
          Run it
        </Button>
      </DialogFooter>
    </form>
  )
}

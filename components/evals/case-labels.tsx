'use client'

import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useMay, useViewer } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { notifyDone } from '@/components/ui/toast'
import type { CaseResult } from '@/lib/evals/contract'
import { personOf } from './eval-words'
import { useLabel, useLabels } from './use-evals'

const OVERALL = 'overall'

const judgeNames = (scorers: readonly unknown[]): string[] =>
  scorers.flatMap((one) => {
    if (typeof one !== 'object' || one === null || !('type' in one) || one.type !== 'judge') return []
    return ['name' in one && typeof one.name === 'string' ? one.name : 'judge']
  })

type LabelsProps = { id: string; one: CaseResult; scorers: readonly unknown[] }

/** What people say of the answer: of it as a whole, and of what each judge was to look at. */
export const CaseLabels = ({ id, one, scorers }: LabelsProps) => {
  const may = useMay('eval:run')
  const { data } = useLabels(id)
  const mine = (data?.labels ?? []).filter((label) => label.case_id === one.case_id)
  const names = [OVERALL, ...judgeNames(scorers)]
  if (!may && mine.length === 0) return null
  return (
    <section aria-label="Labels" className="grid gap-1.5">
      <h3 className="font-semibold text-ink text-table">What people say</h3>
      {may ? (
        <ul className="grid gap-1.5">
          {names.map((name) => (
            <LabelLine key={name} id={id} one={one} name={name} labels={mine} />
          ))}
        </ul>
      ) : null}
      <ul className="grid gap-1 text-table">
        {mine.map((label) => (
          <li key={`${label.labelled_by} ${label.scorer} ${label.attempt}`} className="break-words text-ink-soft">
            {personOf(label.labelled_by)}: {label.scorer === OVERALL ? 'it' : label.scorer} is{' '}
            {label.passed ? 'good' : 'not good'}
            {label.comment ? `, “${label.comment}”` : ''}
          </li>
        ))}
      </ul>
    </section>
  )
}

type Labels = NonNullable<ReturnType<typeof useLabels>['data']>['labels']
type LineProps = Omit<LabelsProps, 'scorers'> & { name: string; labels: Labels }

const LabelLine = ({ id, one, name, labels }: LineProps) => {
  const { me } = useViewer()
  const label = useLabel()
  const own = labels.find((each) => each.scorer === name && personOf(each.labelled_by) === me.user.id)?.passed ?? null
  const say = async (passed: boolean) => {
    const body = { case_id: one.case_id, scorer: name, passed: own === passed ? null : passed }
    const answer = await label.mutateAsync({ params: { id }, body }).catch(() => null)
    if (answer)
      notifyDone({ text: own === passed ? 'Your label is gone' : 'Labelled', auditHref: auditHref(answer.requestId) })
  }
  const what = name === OVERALL ? 'The answer' : name
  return (
    <li className="flex flex-wrap items-center gap-2 text-table">
      <span className="min-w-0 grow break-all text-ink-soft">{what}</span>
      <Button size="small" aria-pressed={own === true} pending={label.isPending} onClick={() => void say(true)}>
        <ThumbsUp aria-hidden className="size-3.5" /> Good<span className="sr-only">: {what}</span>
      </Button>
      <Button size="small" aria-pressed={own === false} pending={label.isPending} onClick={() => void say(false)}>
        <ThumbsDown aria-hidden className="size-3.5" /> Not good<span className="sr-only">: {what}</span>
      </Button>
      {label.error ? <ErrorLine error={label.error} /> : null}
    </li>
  )
}

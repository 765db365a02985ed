'use client'

import { LongText } from '@/components/spans/long-text'
import { Withheld } from '@/components/spans/withheld'
import { QueryView } from '@/components/states/query-view'
import { traceHref } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { formatDuration } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { CaseResult, Part } from '@/lib/evals/contract'
import { CaseLabels } from './case-labels'
import { CaseBadge } from './eval-badges'
import { linkStyle, saidText, score } from './eval-words'
import { useCase } from './use-evals'

type DetailProps = { id: string; one: CaseResult; scorers: readonly unknown[] }

/** What was asked, answered and found of one case. What was answered is fetched for this look alone. */
export const CaseDetail = ({ id, one, scorers }: DetailProps) => (
  <>
    <p className="flex flex-wrap items-center gap-2 text-table">
      <CaseBadge status={one.status} />
      <span>Score {score(one.score)}</span>
      {one.trace_id ? (
        <a href={traceHref(one.trace_id)} className={linkStyle}>
          Trace
        </a>
      ) : null}
    </p>
    <LongText label="Asked" text={saidText(one.input)} />
    {one.expected_output === undefined ? null : <LongText label="Expected" text={saidText(one.expected_output)} />}
    {one.expected_tool_calls && one.expected_tool_calls.length > 0 ? (
      <LongText label="Expected calls" text={JSON.stringify(one.expected_tool_calls, null, 2)} />
    ) : null}
    {one.status === 'pending' ? (
      <p className="text-ink-muted text-table">It has not come to its end yet.</p>
    ) : (
      <Answered id={id} one={one} />
    )}
    {one.status === 'pending' ? null : <CaseLabels id={id} one={one} scorers={scorers} />}
  </>
)

const Answered = ({ id, one }: { id: string; one: CaseResult }) => (
  <QueryView query={useCase(id, one.case_id, one.status)} what="The answer" skeleton={<Skeleton className="h-32" />}>
    {(reply) => {
      const full = reply.result.cases?.[0]
      return full ? <Found one={full} /> : <p className="text-ink-muted text-table">The case is gone.</p>
    }}
  </QueryView>
)

const Found = ({ one }: { one: CaseResult }) => (
  <>
    {one.withheld ? (
      <Withheld what="What was answered is withheld" />
    ) : (
      <>
        <LongText label="Answered" text={one.actual_output ?? ''} />
        {(one.actual_tool_calls ?? []).length > 0 ? (
          <LongText label="Calls" text={JSON.stringify(one.actual_tool_calls, null, 2)} />
        ) : null}
      </>
    )}
    {one.error ? <p className="break-words text-bad text-table">{one.error}</p> : null}
    <Parts parts={one.parts} base={one.scores} />
    <Attempts one={one} />
  </>
)

const BASE = [
  { id: 'exact_match', name: 'Exactly the same' },
  { id: 'semantic_similarity', name: 'Alike' },
  { id: 'tool_call_match', name: 'Tool calls' },
] as const

const Parts = ({ parts, base }: { parts: readonly Part[]; base: CaseResult['scores'] }) => {
  const first = BASE.filter(({ id }) => base[id] !== null)
  if (parts.length === 0 && first.length === 0) return null
  return (
    <section aria-label="Scores" className="grid gap-1.5">
      <h3 className="font-semibold text-ink text-table">Scores</h3>
      <ul className="divide-y divide-line rounded-md border border-line text-table">
        {first.map(({ id, name }) => (
          <li key={id} className="flex items-center justify-between gap-3 px-3 py-1.5">
            <span className="text-ink-soft">{name}</span>
            <span>{score(base[id])}</span>
          </li>
        ))}
        {parts.map((part) => (
          <li key={part.name} className="grid gap-0.5 px-3 py-1.5">
            <div className="flex items-center justify-between gap-3">
              <span className="flex min-w-0 flex-wrap items-center gap-2">
                <span className="break-all font-medium">{part.name}</span>
                <PartVerdict part={part} />
              </span>
              <span>{score(part.score)}</span>
            </div>
            {part.note ? <p className="break-words text-ink-muted">{part.note}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

const PartVerdict = ({ part }: { part: Part }) => {
  if (part.passed === null) return <Badge tone="warn">Undecided</Badge>
  return <Badge tone={part.passed ? 'ok' : 'bad'}>{part.passed ? 'Passed' : part.required ? 'Failed' : 'Low'}</Badge>
}

const Attempts = ({ one }: { one: CaseResult }) =>
  one.attempts === undefined ? null : (
    <section aria-label="Tries" className="grid gap-1.5">
      <h3 className="font-semibold text-ink text-table">
        Tries: {one.pass_count} of {one.attempt_count} passed
      </h3>
      <ul className="divide-y divide-line rounded-md border border-line text-table">
        {one.attempts.map((attempt) => (
          <li key={attempt.attempt} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
            <span className="text-ink-muted">{attempt.attempt}</span>
            <CaseBadge status={attempt.status} />
            <span>{score(attempt.score)}</span>
            <span className="ml-auto flex gap-3 text-ink-muted text-meta">
              {formatDuration(attempt.duration_ms)}
              {attempt.trace_id ? (
                <a href={traceHref(attempt.trace_id)} className={linkStyle}>
                  Trace<span className="sr-only"> of try {attempt.attempt}</span>
                </a>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

import { CircleCheck, CircleX } from 'lucide-react'
import { Money } from '@/components/traces/trace-cells'
import { traceHref } from '@/components/traces/trace-words'
import { Badge } from '@/components/ui/badge'
import { formatDuration, shortenId } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { SkillTestReport } from '@/lib/skills/contract'
import { linkStyle, personOf } from './skill-words'

type Result = SkillTestReport['results'][number]

type RunProps = { run: SkillTestReport; isThisContent: boolean; isOpen: boolean }

export const TestRunView = ({ run, isThisContent, isOpen }: RunProps) => {
  const isPassed = run.fail_count === 0
  return (
    <details open={isOpen} className="group rounded-md border border-line bg-surface">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-table">
        <Badge tone={isPassed ? 'ok' : 'bad'} icon={isPassed ? CircleCheck : CircleX}>
          {isPassed ? 'Passed' : 'Failed'}
        </Badge>
        <span className="font-medium">
          {run.pass_count} of {run.pass_count + run.fail_count}
        </span>
        <span className="text-ink-muted">{run.mocked ? 'tools mocked' : 'reading tools live'}</span>
        <span className="min-w-0 break-all font-mono text-ink-muted text-meta">{run.model}</span>
        <span className="ml-auto flex gap-3 text-ink-muted text-meta">
          <span>{formatDuration(run.total_duration_ms)}</span>
          <Money micro={run.total_cost_micro_usd} />
          <span>
            <RelativeTime iso={run.started_at} /> by {personOf(run.run_by)}
          </span>
        </span>
      </summary>
      {isThisContent ? null : (
        <p className="border-line border-t px-4 py-2 text-table text-warn">
          It ran on other content ({shortenId(run.content_hash)}), so it does not count for this version.
        </p>
      )}
      <ul className="divide-y divide-line border-line border-t">
        {run.results.map((result) => (
          <ResultLine key={result.test_name} result={result} />
        ))}
      </ul>
    </details>
  )
}

const ResultLine = ({ result }: { result: Result }) => (
  <li className="grid gap-1.5 px-4 py-2.5 text-table">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Badge tone={result.passed ? 'ok' : 'bad'} icon={result.passed ? CircleCheck : CircleX}>
        {result.passed ? 'Passed' : 'Failed'}
      </Badge>
      <span className="min-w-0 break-words font-medium">{result.test_name}</span>
      <span className="ml-auto flex gap-3 text-ink-muted text-meta">
        <span>{formatDuration(result.duration_ms)}</span>
        <Money micro={result.cost_micro_usd} />
        {result.trace_id ? (
          <a href={traceHref(result.trace_id)} className={linkStyle}>
            Trace<span className="sr-only"> of {result.test_name}</span>
          </a>
        ) : (
          <span>No trace</span>
        )}
      </span>
    </div>
    {result.error ? <p className="break-words text-bad">{result.error}</p> : null}
    {result.passed ? null : <Why result={result} />}
  </li>
)

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const Why = ({ result }: { result: Result }) => (
  <dl className="grid grid-cols-[minmax(64px,max-content)_minmax(0,1fr)] gap-x-3 gap-y-1">
    {result.expected === undefined ? null : (
      <>
        <dt className="text-ink-muted">Expected</dt>
        <dd className="whitespace-pre-wrap break-words font-mono text-meta">{shown(result.expected)}</dd>
      </>
    )}
    {result.withheld ? (
      <>
        <dt className="text-ink-muted">Said</dt>
        <dd className="text-ink-muted">Withheld: it may hold what people wrote. An admin sees it.</dd>
      </>
    ) : (
      <>
        <dt className="text-ink-muted">Said</dt>
        <dd className="whitespace-pre-wrap break-words font-mono text-meta">
          {shown(result.actual ?? result.output ?? '')}
        </dd>
      </>
    )}
    {(result.diff ?? []).length > 0 ? (
      <>
        <dt className="text-ink-muted">Differs</dt>
        <dd className="whitespace-pre-wrap break-words">{result.diff?.join('\n')}</dd>
      </>
    ) : null}
  </dl>
)

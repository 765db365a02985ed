import { Brain, CircleX, Gavel, type LucideIcon, Wrench } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { CodeBlock } from '@/components/ui/code-block'
import { formatDuration } from '@/components/ui/format'
import type { Trace } from '@/lib/tracing/contract'
import { type StepKind, type StepView, spanOf, stepViews } from './step-view'

const LOOKS: Record<StepKind, { icon: LucideIcon; ink: string; bar: string }> = {
  model: { icon: Brain, ink: 'text-model', bar: 'bg-model' },
  tool: { icon: Wrench, ink: 'text-tool', bar: 'bg-tool' },
  failure: { icon: CircleX, ink: 'text-bad', bar: 'bg-bad' },
  decision: { icon: Gavel, ink: 'text-system', bar: 'bg-system' },
}

const LEAST_PERCENT = 0.6

// Where the step lies within the run. The same is said in words beside it.
const Bar = ({ view, span }: { view: StepView; span: number }) => {
  const left = Math.min(100 - LEAST_PERCENT, (view.startMs / span) * 100)
  const width = Math.max(LEAST_PERCENT, Math.min(100 - left, (view.durationMs / span) * 100))
  return (
    <span aria-hidden className="relative block h-1.5 w-full overflow-hidden rounded-full bg-system-soft">
      <span
        className={cn('absolute inset-y-0 rounded-full', LOOKS[view.kind].bar)}
        style={{ left: `${left}%`, width: `${width}%` }}
      />
    </span>
  )
}

const StepFacts = ({ facts }: Pick<StepView, 'facts'>) =>
  facts.length === 0 ? null : (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-meta">
      {facts.map(({ name, value }) => (
        <div key={name} className="flex min-w-0 gap-1.5">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 break-words text-ink-soft">{value}</dd>
        </div>
      ))}
    </dl>
  )

const Payload = ({ payload }: { payload: NonNullable<StepView['payload']> }) => (
  <details className="group/payload">
    <summary className="w-fit cursor-pointer rounded-sm text-accent text-meta underline-offset-2 hover:underline">
      {payload.label}
    </summary>
    <CodeBlock label={payload.label} code={payload.text} className="mt-2" />
  </details>
)

const StepRow = ({ view, span }: { view: StepView; span: number }) => {
  const { icon: Icon, ink } = LOOKS[view.kind]
  return (
    <li className="grid gap-1.5 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-table">
        <Icon aria-hidden className={cn('size-4 shrink-0', ink)} strokeWidth={1.75} />
        <span className="font-medium text-ink">{view.title}</span>
        <span className="min-w-0 break-all font-mono text-ink-soft text-meta">{view.subject}</span>
        {view.notes.map(({ text, tone }) => (
          <Badge key={text} tone={tone}>
            {text}
          </Badge>
        ))}
        <span className="ml-auto whitespace-nowrap text-ink-muted text-meta">
          <span title="Since the run began">+{formatDuration(view.startMs)}</span>
          {view.durationMs > 0 ? <> · {formatDuration(view.durationMs)}</> : null}
        </span>
      </div>
      <Bar view={view} span={span} />
      <StepFacts facts={view.facts} />
      {view.payload ? <Payload payload={view.payload} /> : null}
      {view.isWithheld ? <p className="text-ink-muted text-meta">Payload withheld</p> : null}
    </li>
  )
}

export const TraceSteps = ({ trace }: { trace: Trace }) => {
  const views = stepViews(trace)
  const span = spanOf(views, trace.duration_ms)
  return (
    <Card title={views.length === 1 ? '1 step' : `${views.length} steps`} flush>
      {views.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-muted text-table">
          {trace.status === 'running' ? 'No step is finished yet.' : 'The run ended before its first step.'}
        </p>
      ) : (
        <ol className="divide-y divide-line">
          {views.map((view) => (
            <StepRow key={view.id} view={view} span={span} />
          ))}
        </ol>
      )}
    </Card>
  )
}

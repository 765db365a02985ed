'use client'

import { useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { Field, Input, Textarea } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import type { PolicyAnswer, PolicyDocument } from '@/lib/governance/contract'
import { EffectBadge } from './policy-badges'
import { type Question, useDryRun } from './use-policies'
import { useSettled } from './use-settled'

type Example = { tool: string; role: string; environment: string; cost: string; sent: string }

const EMPTY: Example = { tool: '', role: '', environment: '', cost: '', sent: '' }

const objectIn = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

const questionOf = (example: Example, draft: PolicyDocument | null): Question => {
  const named = draft?.subject.type === 'tool' ? draft.subject.name : undefined
  const tool = example.tool.trim() || (named?.endsWith('*') ? undefined : named)
  const place = example.environment.trim() || draft?.scope?.environment
  const workspace = draft?.scope?.workspace_id
  const sent = objectIn(example.sent)
  return {
    ...(tool ? { tool } : {}),
    ...(example.role.trim() === '' ? {} : { agent_role: example.role.trim() }),
    ...(place ? { environment: place } : {}),
    ...(workspace ? { workspace_id: workspace } : {}),
    ...(/^\d{1,6}(?:\.\d{1,6})?$/.test(example.cost) ? { estimated_cost: Number(example.cost) } : {}),
    ...(sent !== null && Object.keys(sent).length > 0 ? { arguments: sent } : {}),
  }
}

/** What all policies together would say to an example, with this one as it is written. */
export const DryRun = ({ draft }: { draft: PolicyDocument | null }) => {
  const [example, setExample] = useState<Example>(EMPTY)
  const question = useSettled(questionOf(example, draft))
  const { data, error, isFetching } = useDryRun(question, draft)
  const isOdd = objectIn(example.sent) === null
  const put = (patch: Partial<Example>) => setExample({ ...example, ...patch })
  return (
    <section aria-label="Dry run" className="grid gap-3">
      <h3 className="font-semibold text-ink text-prose">Try it</h3>
      <div className="grid gap-3 sheet:grid-cols-2">
        <Text label="Tool" placeholder={question.tool ?? 'Any'} value={example.tool} put={(tool) => put({ tool })} />
        <Text label="Agent role" placeholder="None" value={example.role} put={(role) => put({ role })} />
        <Text
          label="In environment"
          placeholder={question.environment ?? 'default'}
          value={example.environment}
          put={(environment) => put({ environment })}
        />
        <Text label="Cost, in USD" placeholder="Unknown" value={example.cost} put={(cost) => put({ cost })} />
      </div>
      <Field label="Arguments" error={isOdd ? 'Must be a JSON object' : undefined}>
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={2}
            spellCheck={false}
            className="font-mono text-meta"
            placeholder='{"amount_usd": 250}'
            value={example.sent}
            onChange={(event) => put({ sent: event.target.value })}
          />
        )}
      </Field>
      <div aria-live="polite" aria-busy={isFetching} className="grid gap-2">
        {error ? <ErrorLine error={error} /> : null}
        {data && !error ? <Answer answer={data} /> : null}
        {!data && !error ? <Skeleton className="h-16 w-full" /> : null}
      </div>
    </section>
  )
}

type TextProps = { label: string; placeholder: string; value: string; put: (text: string) => void }

const Text = ({ label, placeholder, value, put }: TextProps) => (
  <Field label={label}>
    {(wiring) => (
      <Input {...wiring} placeholder={placeholder} value={value} onChange={(event) => put(event.target.value)} />
    )}
  </Field>
)

const Answer = ({ answer }: { answer: PolicyAnswer }) => (
  <div className="grid gap-2 rounded-md border border-line bg-sunken px-3 py-2 text-table">
    <p className="flex flex-wrap items-center gap-2">
      <EffectBadge effect={answer.decision} />
      <span className="min-w-0 break-words text-ink">{answer.explanation}</span>
    </p>
    {answer.decision_trace.length > 0 ? (
      <details>
        <summary className="min-h-6 w-fit cursor-pointer text-accent">What each policy said</summary>
        <ul className="mt-1.5 grid gap-1">
          {answer.decision_trace.map((entry) => (
            <li key={`${entry.policy_id} ${entry.result}`} className="min-w-0 break-words">
              <code className="break-all font-mono text-meta">{entry.policy_id}</code>{' '}
              <span className="text-ink-muted">{entry.explanation ?? entry.result}</span>
            </li>
          ))}
        </ul>
      </details>
    ) : null}
  </div>
)

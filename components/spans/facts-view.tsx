import { Flag } from 'lucide-react'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import type { SpanDetail } from '@/lib/tracing/contract'
import { dialectWords, flagWords } from './span-words'

type Json = Readonly<Record<string, unknown>>
type Fact = { name: string; value: string }

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const spaced = (key: string): string => `${key[0]?.toUpperCase() ?? ''}${key.slice(1).replaceAll('_', ' ')}`

const factsIn = (all: Json | null): Fact[] =>
  Object.entries(all ?? {}).flatMap(([key, value]) =>
    value === null || value === undefined || value === '' ? [] : [{ name: spaced(key), value: shown(value) }],
  )

const named = (name: string, value: string | null): Fact[] => (value === null || value === '' ? [] : [{ name, value }])

export const FactsView = ({ span }: { span: SpanDetail }) => {
  const own = [
    ...named('Provider', span.provider),
    ...named('Asked for', span.request_model),
    ...named('Answered by', span.response_model),
    ...named('Finished', span.finish_reasons.join(', ')),
    ...named('Error', span.error_type),
    ...named('Answer id', span.response_id),
  ]
  const groups = [
    { title: 'Attempt', facts: factsIn(span.attempt) },
    { title: 'Parameters', facts: factsIn(span.params) },
    { title: 'Belongs to', facts: factsIn(span.grouping) },
  ].filter(({ facts }) => facts.length > 0)
  return (
    <div className="grid gap-4">
      <Facts facts={[...own, { name: 'Span id', value: <CopyId id={span.id} what="span id" full /> }]} />
      {groups.map(({ title, facts }) => (
        <section key={title} aria-label={title} className="grid gap-2">
          <h3 className="font-semibold text-ink text-table">{title}</h3>
          <Facts facts={facts} />
        </section>
      ))}
    </div>
  )
}

// Where each field came from, and what is odd about it.
export const MappingView = ({ span }: { span: SpanDetail }) => {
  const rules = Object.entries(span.mapped_by).sort(([a], [b]) => (a < b ? -1 : 1))
  return (
    <div className="grid gap-4">
      <p className="text-ink-soft text-table">{dialectWords(span.dialect)}</p>
      {span.flags.length > 0 ? (
        <ul aria-label="What is odd" className="grid gap-1.5">
          {span.flags.map((flag) => (
            <li key={flag} className="flex gap-2 text-table">
              <Flag aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
              <span>{flagWords(flag)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {rules.length > 0 ? (
        <Facts
          facts={rules.map(([field, rule]) => ({
            name: field,
            value: <code className="break-all font-mono text-meta">{rule}</code>,
          }))}
        />
      ) : null}
    </div>
  )
}

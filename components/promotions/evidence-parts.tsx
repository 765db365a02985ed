import { Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { none } from '@/components/traces/trace-cells'
import { diffHref, traceHref } from '@/components/traces/trace-words'
import { Badge, type Tone } from '@/components/ui/badge'
import { formatCount, formatMoney, formatUtc, shortenId } from '@/components/ui/format'
import { linkStyle } from '@/components/workspaces/workspace-words'
import { bagAt, listAt, namesAt, numberAt, textAt } from './evidence-shape'

type Bag = Record<string, unknown>
type Props = { workspaceId: string; evidence: Bag }

type Cell = { head: string; right?: true; of: (row: Bag) => ReactNode }

const Small = ({ caption, cells, rows }: { caption: string; cells: readonly Cell[]; rows: readonly Bag[] }) => (
  <div className="overflow-x-auto">
    <table className="w-full text-table">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="text-ink-muted text-meta">
          {cells.map(({ head, right }) => (
            <th key={head} scope="col" className={`py-1 pr-3 font-normal ${right ? 'text-right' : 'text-left'}`}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={JSON.stringify(row)} className="border-line border-t">
            {cells.map(({ head, right, of }) => (
              <td key={head} className={`py-1.5 pr-3 align-top ${right ? 'text-right tabular-nums' : ''}`}>
                {of(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const OUTCOMES: Readonly<Record<string, { words: string; tone: Tone }>> = {
  same: { words: 'The same', tone: 'ok' },
  differs: { words: 'Differs', tone: 'warn' },
  fails: { words: 'Fails now', tone: 'bad' },
  not_replayed: { words: 'Not replayed', tone: 'system' },
}

const Told = ({ of, words }: { of: Readonly<Record<string, { words: string; tone: Tone }>>; words: string | null }) => {
  const known = of[words ?? '']
  return <Badge tone={known?.tone ?? 'system'}>{known?.words ?? words ?? 'unknown'}</Badge>
}

const micro = (row: Bag, name: string): ReactNode => {
  const value = numberAt(row, name)
  return value === null ? none : formatMoney(value)
}

const runLinks = (row: Bag): ReactNode => {
  const [id, replay] = [textAt(row, 'trace_id') ?? '', textAt(row, 'replay_id')]
  return (
    <span className="flex flex-wrap gap-x-3">
      <a href={traceHref(id)} className={`font-mono text-meta ${linkStyle}`}>
        {shortenId(id)}
      </a>
      {replay ? (
        <a href={diffHref(id, replay)} className={`text-meta ${linkStyle}`}>
          compare
        </a>
      ) : null}
    </span>
  )
}

export const ReplayEvidence = ({ evidence }: Props) => (
  <Small
    caption="Runs that were replayed"
    rows={listAt(evidence, 'replays')}
    cells={[
      { head: 'Run', of: runLinks },
      { head: 'Outcome', of: (row) => <Told of={OUTCOMES} words={textAt(row, 'outcome')} /> },
      { head: 'What parted', of: (row) => namesAt(row, 'areas').join(', ') || (textAt(row, 'code') ?? none) },
      { head: 'Cost before', right: true, of: (row) => micro(row, 'cost_before_micro_usd') },
      { head: 'Cost now', right: true, of: (row) => micro(row, 'cost_micro_usd') },
    ]}
  />
)

const percent = (row: Bag, name: string): ReactNode => {
  const value = numberAt(row, name)
  return value === null ? none : `${Math.round(value * 1_000) / 10} %`
}

const evalLink = (row: Bag): ReactNode => {
  const [id, baseline] = [textAt(row, 'eval_id'), textAt(row, 'baseline_id')]
  const name = textAt(row, 'dataset') ?? 'dataset'
  if (id === null) return name
  const search = baseline ? `?${new URLSearchParams({ baseline })}` : ''
  return (
    <a href={`/ops/evals/${encodeURIComponent(id)}${search}`} className={`break-all ${linkStyle}`}>
      {name}
    </a>
  )
}

export const EvalEvidence = ({ evidence }: Props) => (
  <Small
    caption="Evaluations"
    rows={[...listAt(evidence, 'evals'), ...listAt(evidence, 'results')]}
    cells={[
      { head: 'Dataset', of: evalLink },
      { head: 'Passed', right: true, of: (row) => percent(row, 'pass_rate') },
      { head: 'Target', right: true, of: (row) => percent(row, 'baseline_pass_rate') },
      {
        head: 'Worse',
        right: true,
        of: (row) => {
          const worse = numberAt(row, 'regressed')
          return worse === null ? (
            none
          ) : (
            <span title={namesAt(row, 'regressions').join('\n')}>{formatCount(worse)}</span>
          )
        },
      },
      { head: 'Why not', of: (row) => namesAt(row, 'faults').join('; ') || none },
    ]}
  />
)

const TESTS: Readonly<Record<string, { words: string; tone: Tone }>> = {
  passed: { words: 'Passed', tone: 'ok' },
  failed: { words: 'Failed', tone: 'bad' },
  never: { words: 'Never run', tone: 'warn' },
}

export const SkillEvidence = ({ evidence }: Props) => (
  <Small
    caption="Tests of its skills"
    rows={listAt(evidence, 'tests')}
    cells={[
      { head: 'Skill', of: (row) => <span className="break-all font-mono text-meta">{textAt(row, 'skill')}</span> },
      { head: 'State', of: (row) => textAt(row, 'state') ?? none },
      { head: 'Tests', of: (row) => <Told of={TESTS} words={textAt(row, 'status')} /> },
      {
        head: 'When',
        right: true,
        of: (row) => {
          const at = textAt(row, 'at')
          return at === null ? none : formatUtc(at)
        },
      },
    ]}
  />
)

const count = (row: Bag, name: string): ReactNode => {
  const value = numberAt(row, name)
  return value === null ? none : formatCount(value)
}

export const PromptEvidence = ({ evidence }: Props) => (
  <Small
    caption="Size of the prompt, by role"
    rows={listAt(evidence, 'roles')}
    cells={[
      { head: 'Role', of: (row) => textAt(row, 'role') },
      { head: 'Before', right: true, of: (row) => count(row, 'before') },
      { head: 'Now', right: true, of: (row) => count(row, 'characters') },
      {
        head: 'Grown',
        right: true,
        of: (row) => {
          const grown = numberAt(row, 'growth_percent')
          return grown === null ? none : `${grown} %`
        },
      },
      { head: 'Newly cut', of: (row) => namesAt(row, 'newly_cut').join(', ') || none },
    ]}
  />
)

const widenings = (evidence: Bag): { sign: 'plus' | 'minus'; words: string }[] => {
  const [tools, requests, rules] = [bagAt(evidence, 'tools'), bagAt(evidence, 'requests'), bagAt(evidence, 'rules')]
  const all = (names: string[], sign: 'plus' | 'minus', word: string) =>
    names.map((name) => ({ sign, words: `${word} ${name}` }))
  return [
    ...all(namesAt(tools, 'added'), 'plus', 'Tool'),
    ...all(namesAt(tools, 'removed'), 'minus', 'Tool'),
    ...all(namesAt(requests, 'added'), 'plus', 'Request'),
    ...all(namesAt(requests, 'removed'), 'minus', 'Request'),
    ...all(namesAt(rules, 'allowing'), 'plus', 'Rule that allows,'),
    ...all(namesAt(rules, 'changed'), 'plus', 'Rule that changed,'),
    ...all(namesAt(rules, 'removed'), 'minus', 'Rule that is gone,'),
  ]
}

export const PermissionEvidence = ({ evidence }: Props) => {
  const items = widenings(evidence)
  if (items.length === 0) return <p className="text-ink-muted text-table">Nothing more and nothing less than before.</p>
  return (
    <ul className="grid gap-1 text-table">
      {items.map(({ sign, words }) => (
        <li key={`${sign} ${words}`} className="flex items-start gap-2 break-all">
          {sign === 'plus' ? (
            <Plus aria-label="More:" className="mt-0.5 size-4 shrink-0 text-warn" />
          ) : (
            <Minus aria-label="Less:" className="mt-0.5 size-4 shrink-0 text-ink-muted" />
          )}
          {words}
        </li>
      ))}
    </ul>
  )
}

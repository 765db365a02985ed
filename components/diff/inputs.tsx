import { EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { plural } from '@/components/traces/trace-words'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import type { TextEdit, TraceDiff } from '@/lib/tracing/contract'
import { ChangeList } from './change-list'
import { WordDiff } from './word-diff'

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title} className="grid min-w-0 gap-2 px-4 py-3">
    <h3 className="font-semibold text-ink text-table">{title}</h3>
    {children}
  </section>
)

const Same = ({ children }: { children: ReactNode }) => <p className="text-ink-muted text-table">{children}</p>

type Lengths = { base: number; compare: number }
type TextProps = {
  isChanged: boolean
  lengths: Lengths
  edits: readonly TextEdit[] | undefined
  isWithheld: boolean
}

const TextPart = ({ isChanged, lengths, edits, isWithheld }: TextProps) => {
  if (!isChanged)
    return <Same>{lengths.base === 0 ? 'Neither has one.' : `The same, ${plural(lengths.base, 'character')}.`}</Same>
  if (edits) return <WordDiff edits={edits} />
  return (
    <p className="flex items-center gap-2 text-ink-soft text-table">
      {isWithheld ? <EyeOff aria-hidden className="size-4 shrink-0 text-ink-muted" /> : null}
      They differ: {formatCount(lengths.base)} and {plural(lengths.compare, 'character')}.{' '}
      {isWithheld ? 'The texts are withheld.' : 'They are too long to be compared word by word.'}
    </p>
  )
}

const toolLines = ({ added, removed, changed }: TraceDiff['inputs']['tools']): string[] => [
  ...added.map((name) => `${name} was offered to compare alone`),
  ...removed.map((name) => `${name} was offered to base alone`),
  ...changed.map((name) => `${name} is described otherwise`),
]

const Given = ({ inputs, isWithheld }: { inputs: TraceDiff['inputs']; isWithheld: boolean }) => {
  const tools = toolLines(inputs.tools)
  const texts = [
    { title: 'System prompt', pair: inputs.system_prompt },
    { title: 'Message', pair: inputs.message },
  ]
  return (
    <>
      {texts.map(({ title, pair }) => (
        <Part key={title} title={title}>
          <TextPart
            isChanged={pair.changed}
            lengths={{ base: pair.base_length, compare: pair.compare_length }}
            edits={pair.text_diff}
            isWithheld={isWithheld}
          />
        </Part>
      ))}
      {inputs.history.changed ? (
        <Part title="Earlier messages">
          <p className="text-ink-soft text-table">
            {formatCount(inputs.history.base_count)} and {formatCount(inputs.history.compare_count)}, not the same.
          </p>
        </Part>
      ) : null}
      {inputs.parameters.length > 0 ? (
        <Part title="Parameters">
          <ChangeList changes={inputs.parameters} isCut={false} isWithheld={isWithheld} />
        </Part>
      ) : null}
      {tools.length > 0 ? (
        <Part title="Tools">
          <ul className="grid gap-1 text-ink-soft text-table">
            {tools.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Part>
      ) : null}
    </>
  )
}

// What the two were given, and what they answered in the end.
export const Inputs = ({ diff }: { diff: TraceDiff }) => {
  const { inputs, output, withheld } = diff
  return (
    <div className="grid items-start gap-4">
      <Card title="What they were given" flush>
        <div className="grid divide-y divide-line">
          {inputs.is_known ? (
            <Given inputs={inputs} isWithheld={withheld} />
          ) : (
            <p className="px-4 py-3 text-ink-muted text-table">
              Retention dropped what one of them was given, so that cannot be compared.
            </p>
          )}
        </div>
      </Card>
      <Card title="What they answered" flush>
        <Part title="Answer">
          <TextPart
            isChanged={!output.messages_equal}
            lengths={{ base: output.base_message_length, compare: output.compare_message_length }}
            edits={output.text_diff}
            isWithheld={withheld}
          />
        </Part>
      </Card>
    </div>
  )
}

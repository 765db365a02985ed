import type { ReactNode } from 'react'
import { LongText } from '@/components/spans/long-text'
import { PromptView } from '@/components/spans/prompt-view'
import { Withheld } from '@/components/spans/withheld'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import { Tabs } from '@/components/ui/tabs'
import type { Trace } from '@/lib/tracing/contract'
import { RevealButton } from './reveal-button'

const Placeholder = ({ children }: { children: ReactNode }) => (
  <p className="rounded-md border border-line border-dashed bg-sunken px-3 py-5 text-center text-ink-muted text-table">
    {children}
  </p>
)

const Text = ({ text, label, none }: { text: string | null; label: string; none: string }) =>
  text === null || text === '' ? <Placeholder>{none}</Placeholder> : <LongText label={label} text={text} />

const Message = ({ trace: { input } }: { trace: Trace }) => (
  <div className="grid gap-2">
    <Text text={input.message} label="Message" none="No message was recorded." />
    {input.message_history > 0 ? (
      <p className="text-ink-muted text-meta">
        {input.message_history === 1 ? 'One earlier entry' : `${formatCount(input.message_history)} earlier entries`} of
        the conversation went with it.
      </p>
    ) : null}
  </div>
)

// The longest text comes last: whoever opens a trace wants to know what was said.
export const TraceTexts = ({ trace }: { trace: Trace }) => {
  if (trace.withheld)
    return (
      <Card title="What was said">
        <Withheld what="Prompt, message, answer and payloads are withheld" action={<RevealButton id={trace.id} />} />
      </Card>
    )
  const isOver = trace.status !== 'running' && trace.status !== 'paused'
  const tabs = [
    { id: 'message', label: 'Message', content: <Message trace={trace} /> },
    {
      id: 'answer',
      label: 'Answer',
      content: (
        <Text
          text={trace.output.message}
          label="Answer"
          none={isOver ? 'The run gave no answer.' : 'The answer is stored when the run ends.'}
        />
      ),
    },
    {
      id: 'prompt',
      label: 'System prompt',
      content: trace.redacted_prompt ? (
        <PromptView prompt={trace.redacted_prompt} />
      ) : (
        <Placeholder>None was sent.</Placeholder>
      ),
    },
  ]
  return (
    <Card title="What was said">
      <Tabs label="Texts of the run" tabs={tabs} />
    </Card>
  )
}

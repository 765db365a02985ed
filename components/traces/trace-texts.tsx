import { EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { formatCount } from '@/components/ui/format'
import { Tabs } from '@/components/ui/tabs'
import type { Trace } from '@/lib/tracing/contract'

const Placeholder = ({ children }: { children: ReactNode }) => (
  <p className="rounded-md border border-line border-dashed bg-sunken px-3 py-5 text-center text-ink-muted text-table">
    {children}
  </p>
)

const Text = ({ text, label, none }: { text: string | null; label: string; none: string }) =>
  text === null || text === '' ? <Placeholder>{none}</Placeholder> : <CodeBlock label={label} code={text} />

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

const Withheld = () => (
  <Card title="What was said">
    <div className="grid justify-items-center gap-2 rounded-md border border-line border-dashed bg-sunken px-4 py-6 text-center">
      <EyeOff aria-hidden className="size-5 text-ink-muted" />
      <p className="font-medium text-ink text-table">Prompt, message, answer and payloads are withheld</p>
      <p className="max-w-[56ch] text-ink-muted text-table">
        They may hold what people wrote in confidence. An administrator sees them, and each such look is audited; ask
        one with the id of this trace.
      </p>
    </div>
  </Card>
)

// The longest text comes last: whoever opens a trace wants to know what was said.
export const TraceTexts = ({ trace }: { trace: Trace }) => {
  if (trace.withheld) return <Withheld />
  const isOver = trace.status !== 'running'
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
      content: <Text text={trace.redacted_prompt} label="As the model saw it, after redaction" none="None was sent." />,
    },
  ]
  return (
    <Card title="What was said">
      <Tabs label="Texts of the run" tabs={tabs} />
    </Card>
  )
}

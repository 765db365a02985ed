import type { ReactNode } from 'react'
import type { SpanDetail } from '@/lib/tracing/contract'
import { CostView } from './cost-view'
import { FactsView, MappingView } from './facts-view'
import { jsonText, LongText } from './long-text'
import { Messages } from './messages'
import { PromptView } from './prompt-view'

export type StepTab = { id: string; label: string; content: ReactNode }

const isTold = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== '' &&
  !(typeof value === 'object' && Object.keys(value).length === 0)

const tab = (id: string, label: string, isThere: boolean, content: () => ReactNode): StepTab[] =>
  isThere ? [{ id, label, content: <div className="grid min-w-0 gap-4">{content()}</div> }] : []

const Raw = ({ value, label }: { value: unknown; label: string }) =>
  isTold(value) ? <LongText label={label} text={jsonText(value)} /> : null

const promptTab = ({ content }: SpanDetail): StepTab[] => {
  if (content === null) return []
  const { system, input_messages: messages, raw_input: raw, tool_definitions: tools } = content
  const isThere = isTold(system) || messages.length > 0 || isTold(raw) || tools.length > 0
  return tab('prompt', messages.length > 0 && !isTold(system) ? 'Messages' : 'Prompt', isThere, () => (
    <>
      {isTold(system) ? <PromptView prompt={system ?? ''} /> : null}
      <Messages messages={messages} />
      <Raw value={raw} label="Input, as it came" />
      {tools.length > 0 ? (
        <details>
          <summary className="w-fit cursor-pointer rounded-sm text-accent text-table">
            {tools.length === 1 ? '1 tool was offered' : `${tools.length} tools were offered`}
          </summary>
          <div className="pt-2">
            <LongText label="Tools" text={jsonText(tools)} />
          </div>
        </details>
      ) : null}
    </>
  ))
}

const outputTab = ({ content }: SpanDetail): StepTab[] =>
  content === null
    ? []
    : tab('output', 'Output', content.output_messages.length > 0 || isTold(content.raw_output), () => (
        <>
          <Messages messages={content.output_messages} />
          <Raw value={content.raw_output} label="Output, as it came" />
        </>
      ))

const toolTabs = ({ tool }: SpanDetail): StepTab[] => [
  ...tab('arguments', 'Arguments', isTold(tool?.arguments), () => <Raw value={tool?.arguments} label="Arguments" />),
  ...tab('result', 'Result', isTold(tool?.result), () => <Raw value={tool?.result} label="Result" />),
]

const rawOf = ({ attributes, resource, events, links, scope }: SpanDetail) => [
  { label: 'Attributes, redacted', value: attributes },
  { label: 'Resource', value: resource },
  { label: 'Events', value: events },
  { label: 'Links', value: links },
  { label: 'Instrumentation', value: scope },
]

const hasCost = ({ cost, usage, kind }: SpanDetail): boolean =>
  cost.why.length > 0 || cost.computed_nano_usd !== null || usage !== null || kind === 'inference'

// Only what there is: a tool has arguments, a model has a price.
export const stepTabs = (span: SpanDetail): StepTab[] => {
  const raw = rawOf(span).filter(({ value }) => isTold(value))
  const isMapped = span.flags.length > 0 || Object.keys(span.mapped_by).length > 0
  return [
    ...promptTab(span),
    ...outputTab(span),
    ...toolTabs(span),
    ...tab('cost', 'Cost', hasCost(span), () => <CostView span={span} />),
    ...tab('facts', 'Facts', true, () => <FactsView span={span} />),
    ...tab('mapped', 'How mapped', isMapped, () => <MappingView span={span} />),
    ...tab('raw', 'Raw', raw.length > 0, () =>
      raw.map(({ label, value }) => <Raw key={label} label={label} value={value} />),
    ),
  ]
}

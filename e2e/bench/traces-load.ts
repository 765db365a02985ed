import { randomBytes } from 'node:crypto'
import { idsToBytes, int, text } from '@/lib/core/testing/otlp-spans'
import { TraceRequest } from '@/lib/otlp/messages'

const SPANS_A_TRACE = 20
const TRACES_A_BATCH = 10
export const SPANS_A_BATCH = SPANS_A_TRACE * TRACES_A_BATCH

const SYSTEM = 'You help customers of a shop with their orders. Be short, be kind, never promise a date. '.repeat(12)
const START = 1_790_000_000_000_000_000n

const says = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] })

const messages = (turn: number, trace: string) =>
  JSON.stringify(Array.from({ length: turn + 1 }, (_, at) => says('user', `Question ${at} of ${trace}: where is it?`)))

const spanAt = (trace: string, root: string, at: number) => ({
  traceId: trace,
  spanId: at === 0 ? root : randomBytes(8).toString('hex'),
  ...(at === 0 ? {} : { parentSpanId: root }),
  name: at === 0 ? 'invoke_agent helper' : at % 2 === 1 ? 'chat gpt-4o' : 'execute_tool lookup',
  kind: 1,
  startTimeUnixNano: String(START + BigInt(at) * 1_000_000n),
  endTimeUnixNano: String(START + BigInt(at + 1) * 1_000_000n),
  attributes:
    at === 0
      ? [text('gen_ai.operation.name', 'invoke_agent'), text('gen_ai.agent.name', 'helper')]
      : at % 2 === 1
        ? [
            text('gen_ai.operation.name', 'chat'),
            text('gen_ai.provider.name', 'openai'),
            text('gen_ai.request.model', 'gpt-4o'),
            text('gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: SYSTEM }])),
            text('gen_ai.input.messages', messages(at >> 2, trace)),
            text('gen_ai.output.messages', JSON.stringify([says('assistant', `Answer ${at} of ${trace}`)])),
            int('gen_ai.usage.input_tokens', 900),
            int('gen_ai.usage.output_tokens', 40),
          ]
        : [
            text('gen_ai.operation.name', 'execute_tool'),
            text('gen_ai.tool.name', 'lookup'),
            text('gen_ai.tool.call.arguments', JSON.stringify({ order: at, trace })),
            text('gen_ai.tool.call.result', JSON.stringify({ state: 'sent', at })),
          ],
})

// Whole traces of an agent with ten calls of a model and nine of a tool, as exporters send them.
export const batch = (): Uint8Array => {
  const spans = Array.from({ length: TRACES_A_BATCH }, () => {
    const [trace, root] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
    return Array.from({ length: SPANS_A_TRACE }, (_, at) => spanAt(trace, root, at))
  }).flat()
  const request = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] }
  return TraceRequest.encode(TraceRequest.fromObject(idsToBytes(request) as object)).finish()
}

export const bytesOf = (batches: readonly Uint8Array[]): number => batches.reduce((sum, { length }) => sum + length, 0)

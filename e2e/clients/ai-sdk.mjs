import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { generateText, stepCountIs, tool } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { z } from 'zod'
import { AGENT, ANSWER, FAILED, FIRST, FOUND, MODEL, QUESTION, SECOND, SERVED, SESSIONS, USER } from './scenario.mjs'

const usageOf = ({ input, cached, output }) => ({
  inputTokens: { total: input, noCache: input - cached, cacheRead: cached, cacheWrite: undefined },
  outputTokens: { total: output, text: output, reasoning: undefined },
})

const callOf = ({ id, name, arguments: given }) => ({
  type: 'tool-call',
  toolCallId: id,
  toolName: name,
  input: JSON.stringify(given),
})

const reply = (content, unified, usage) => ({
  content,
  finishReason: { unified, raw: unified },
  usage: usageOf(usage),
  response: { modelId: SERVED },
  warnings: [],
})

const model = () => {
  const replies = [
    reply([callOf(FOUND), callOf(FAILED)], 'tool-calls', FIRST),
    reply([{ type: 'text', text: ANSWER }], 'stop', SECOND),
  ]
  return new MockLanguageModelV3({ provider: 'openai.chat', modelId: MODEL, doGenerate: async () => replies.shift() })
}

const tools = {
  [FOUND.name]: tool({ inputSchema: z.object({ people: z.number() }), execute: async () => FOUND.result }),
  [FAILED.name]: tool({
    inputSchema: z.object({ at: z.string() }),
    execute: async () => {
      throw new Error(FAILED.error)
    },
  }),
}

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
provider.register()
for (const sessionId of SESSIONS)
  await generateText({
    model: model(),
    tools,
    prompt: QUESTION,
    stopWhen: stepCountIs(3),
    experimental_telemetry: { isEnabled: true, functionId: AGENT, metadata: { sessionId, userId: USER } },
  })
await provider.shutdown()

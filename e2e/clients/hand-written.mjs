import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { AGENT, ANSWER, FAILED, FIRST, FOUND, MODEL, QUESTION, SECOND, SERVED, SESSIONS, USER } from './scenario.mjs'

const SCHEMA = 'https://opentelemetry.io/schemas/gen-ai/1.42.0'

const text = (role, content) => ({ role, parts: [{ type: 'text', content }] })
const asked = [text('user', QUESTION)]
const calls = [
  {
    role: 'assistant',
    parts: [FOUND, FAILED].map(({ id, name, arguments: given }) => ({ type: 'tool_call', id, name, arguments: given })),
  },
]

const inSpan = (tracer, name, kind, attributes, work) =>
  tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    await work(span)
    span.end()
  })

const chat = (tracer, common, usage, given, said) =>
  inSpan(
    tracer,
    `chat ${MODEL}`,
    SpanKind.CLIENT,
    {
      ...common,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': MODEL,
      'gen_ai.response.model': SERVED,
      'gen_ai.usage.input_tokens': usage.input,
      'gen_ai.usage.cache_read.input_tokens': usage.cached,
      'gen_ai.usage.output_tokens': usage.output,
      'gen_ai.input.messages': JSON.stringify(given),
      'gen_ai.output.messages': JSON.stringify(said),
    },
    async () => undefined,
  )

const tool = (tracer, common, { name, id, arguments: given, result, error }) =>
  inSpan(
    tracer,
    `execute_tool ${name}`,
    SpanKind.INTERNAL,
    {
      ...common,
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': id,
      'gen_ai.tool.call.arguments': JSON.stringify(given),
      ...(error ? { 'error.type': 'Error' } : { 'gen_ai.tool.call.result': JSON.stringify(result) }),
    },
    async (span) => {
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    },
  )

/** The scenario as the conventions say it, through whichever official exporter is given. */
export const tellByHand = async (exporter) => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  const tracer = provider.getTracer('hand-written', '1.0.0', { schemaUrl: SCHEMA })
  for (const session of SESSIONS) {
    const common = { 'gen_ai.conversation.id': session, 'user.id': USER, 'gen_ai.agent.name': AGENT }
    const root = { ...common, 'gen_ai.operation.name': 'invoke_agent' }
    await inSpan(tracer, `invoke_agent ${AGENT}`, SpanKind.INTERNAL, root, async () => {
      await chat(tracer, common, FIRST, asked, calls)
      await tool(tracer, common, FOUND)
      await tool(tracer, common, FAILED)
      await chat(tracer, common, SECOND, [...asked, ...calls], [text('assistant', ANSWER)])
    })
  }
  await provider.shutdown()
  trace.disable()
}

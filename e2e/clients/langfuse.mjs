import { LangfuseSpanProcessor } from '@langfuse/otel'
import { propagateAttributes, startActiveObservation, startObservation } from '@langfuse/tracing'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { AGENT, ANSWER, FAILED, FIRST, FOUND, QUESTION, SECOND, SERVED, SESSIONS, USER } from './scenario.mjs'

const chat = (usage, input, output) => {
  const usageDetails = {
    input: usage.input - usage.cached,
    cache_read_input_tokens: usage.cached,
    output: usage.output,
    total: usage.input + usage.output,
  }
  startObservation('chat', { model: SERVED, input, output, usageDetails }, { asType: 'generation' }).end()
}

const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] })
provider.register()
for (const sessionId of SESSIONS)
  await propagateAttributes({ sessionId, userId: USER }, () =>
    startActiveObservation(
      AGENT,
      async (agent) => {
        agent.update({ input: QUESTION, output: ANSWER })
        chat(FIRST, [{ role: 'user', content: QUESTION }], { role: 'assistant', content: '' })
        startObservation(FOUND.name, { input: FOUND.arguments, output: FOUND.result }, { asType: 'tool' }).end()
        const failed = { input: FAILED.arguments, level: 'ERROR', statusMessage: FAILED.error }
        startObservation(FAILED.name, failed, { asType: 'tool' }).end()
        chat(SECOND, [{ role: 'user', content: QUESTION }], { role: 'assistant', content: ANSWER })
      },
      { asType: 'agent' },
    ),
  )
await provider.shutdown()

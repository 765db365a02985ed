import { SpanStatusCode, trace } from '@opentelemetry/api'
import {
  forceFlush,
  initialize,
  withAgent,
  withAssociationProperties,
  withLLMCall,
  withTool,
} from '@traceloop/node-server-sdk'
import { AGENT, ANSWER, FAILED, FIRST, FOUND, MODEL, QUESTION, SECOND, SERVED, SESSIONS, USER } from './scenario.mjs'

const asked = [{ role: 'user', content: QUESTION }]

const chat = (usage, content) =>
  withLLMCall({ vendor: 'openai', type: 'chat' }, async ({ span }) => {
    span.reportRequest({ model: MODEL, messages: asked })
    span.reportResponse({
      model: SERVED,
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      },
      completions: [{ finish_reason: 'stop', message: { role: 'assistant', content } }],
    })
  })

// A tool that throws is never ended by this SDK, and so never sent; whoever wants to see the failure catches it.
const failing = async () => {
  trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: FAILED.error })
  return { error: FAILED.error }
}

initialize({ appName: 'restaurant', disableBatch: false, silenceInitializationMessage: true })
for (const session of SESSIONS)
  await withAssociationProperties({ session_id: session, user_id: USER }, () =>
    withAgent({ name: AGENT }, async () => {
      await chat(FIRST, '')
      await withTool({ name: FOUND.name }, async () => FOUND.result, undefined, FOUND.arguments)
      await withTool({ name: FAILED.name }, failing, undefined, FAILED.arguments)
      await chat(SECOND, ANSWER)
    }),
  )
await forceFlush()
process.exit(0)

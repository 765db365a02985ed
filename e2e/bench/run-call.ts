import { type AssistantMessageEventStream, getModel, stream } from '@mariozechner/pi-ai'
import { MAX_TOKENS, MESSAGE, MODEL, TEMPERATURE } from './run-case'

// The call as anybody writes it who uses the library alone.
export const callLibrary = (providerUrl: string, system: string, message = MESSAGE): AssistantMessageEventStream =>
  stream(
    { ...getModel(MODEL.provider, MODEL.id), baseUrl: `${providerUrl}/v1` },
    { systemPrompt: system, messages: [{ role: 'user', content: message, timestamp: 0 }] },
    { apiKey: 'bench-key', temperature: TEMPERATURE, maxTokens: MAX_TOKENS },
  )

export const readAnswer = async (
  events: AssistantMessageEventStream,
  onText: (delta: string) => void = () => undefined,
): Promise<{ text: string; input: number; output: number }> => {
  for await (const event of events) {
    if (event.type === 'text_delta') onText(event.delta)
    if (event.type === 'error') throw new Error(event.error.errorMessage)
    if (event.type !== 'done') continue
    const { content, usage } = event.message
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    return { text, input: usage.input, output: usage.output }
  }
  throw new Error('The answer did not end')
}

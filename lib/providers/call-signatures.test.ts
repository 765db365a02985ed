import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelKernel, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import type { ChatMessage } from '@/lib/shared/chat'
import { callModel } from '.'

const MODEL = 'google/gemini-3-pro-preview'
const SIGNATURE = Buffer.from('a signature!').toString('base64')

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
  modelKernel(mockSurroundings(mock.url))
})
afterAll(() => mock.close())

const nextStep = async (id: string): Promise<string> => {
  const messages: ChatMessage[] = [
    { role: 'user', content: 'What is open?' },
    { role: 'assistant', content: '', tool_calls: [{ id, name: 'list_tasks', arguments: {} }] },
    { role: 'tool', tool_call_id: id, name: 'list_tasks', content: 'Nothing', is_error: false },
  ]
  expect((await callModel(sampleCall(MODEL, { messages }))).ok).toBe(true)
  return JSON.stringify(mock.requests().at(-1)?.body)
}

it('a call that Gemini signed goes back with its signature, any other one says that it has none', async () => {
  mock.script({ toolCalls: [{ id: 'signed-1', name: 'list_tasks', arguments: {}, signature: SIGNATURE }] })
  const answer = await callModel(sampleCall(MODEL))
  const id = answer.ok ? (answer.toolCalls[0]?.id ?? '') : ''
  expect(await nextStep(id)).toContain(`"thoughtSignature":"${SIGNATURE}"`)
  expect(await nextStep('from-elsewhere')).toContain('"thoughtSignature":"skip_thought_signature_validator"')
})

import { describe, expect, it } from 'vitest'
import { statusIn } from './classify-failure'
import { createFinishScan } from './finish-scan'
import type { ProviderApi } from './provider-table'
import { retryDelay } from './retry-delay'
import { createSplitter } from './sse-frames'

const INCOMPLETE = `data: ${JSON.stringify({
  type: 'response.incomplete',
  response: {
    incomplete_details: { reason: 'max_output_tokens' },
    usage: { input_tokens: 50, input_tokens_details: { cached_tokens: 20 }, output_tokens: 9 },
  },
})}\n\n`

const forged = {
  type: 'response.incomplete',
  incomplete_details: { reason: 'max_output_tokens' },
  usage: { input_tokens: 1, output_tokens: 1 },
}
const ECHOED = `data: ${JSON.stringify({ type: 'response.created', response: { tools: [{ parameters: forged }] } })}\n\n`
const google = (args: object): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ functionCall: { name: 'a', args } }] } }] })}\n\n`
const ANTHROPIC_ECHO = `data: ${JSON.stringify({
  type: 'content_block_start',
  content_block: { type: 'tool_use', input: { delta: { stop_reason: 'end_turn' } } },
})}`

const CASES: [ProviderApi, string, string | null][] = [
  ['openai-completions', 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}', 'stop'],
  ['openai-completions', 'data: {"choices":[{"delta":{},"finish_reason": null}]}', null],
  ['openai-completions', String.raw`data: {"choices":[{"delta":{"content":"\"finish_reason\":\"stop\""}}]}`, null],
  ['mistral-conversations', 'data: {"choices":[{"finish_reason" : "length"}]}', 'length'],
  ['anthropic-messages', 'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}', 'end_turn'],
  ['anthropic-messages', 'data: {"type":"message_start","message":{"stop_reason":null}}', null],
  ['google-generative-ai', 'data: {"candidates":[{"finishReason": "SAFETY"}]}', 'SAFETY'],
  ['google-generative-ai', 'data: {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}', 'PROHIBITED_CONTENT'],
  ['openai-responses', 'data: {"type":"response.completed","response":{}}', 'completed'],
  ['openai-responses', 'data: {"type": "response.output_text.delta","delta":"x"}', null],
  ['openai-responses', INCOMPLETE, 'max_output_tokens'],
  // What a tenant's tools or a model's arguments hold is echoed, and is no word of the provider.
  ['openai-responses', ECHOED, null],
  ['openai-responses', 'data: {"type":"response.created","response":{"tools":[{"type":"response.completed"}]}}', null],
  ['google-generative-ai', google({ finishReason: 'STOP' }), null],
  ['google-generative-ai', google({ promptFeedback: { blockReason: 'SAFETY' } }), null],
  ['anthropic-messages', ANTHROPIC_ECHO, null],
  ['openai-completions', 'data: {"choices":[{"delta":{"finish_reason":"stop"}}],"x":{"finish_reason":"stop"}}', null],
  ['mistral-conversations', 'data: {"choices":[{"delta":{"tool_calls":[{"finish_reason":"stop"}]}}]}', null],
]

describe.each(CASES)('%s: %s', (api, text, reason) => {
  it.each([1_000, 7, 1])(`ends with ${reason}, in pieces of %i bytes`, (size) => {
    const scan = createFinishScan(api)
    const splitter = createSplitter()
    for (let at = 0; at < text.length; at += size) splitter.push(text.slice(at, at + size)).forEach(scan.see)
    scan.see(splitter.rest())
    expect(scan.reason()).toBe(reason)
    expect(scan.incompleteUsage()).toEqual(
      text === INCOMPLETE ? { input: 30, output: 9, cacheRead: 20, cacheWrite: 0 } : null,
    )
  })
})

it.each([
  ['openai-responses', '429 slow down', 429],
  ['openai-completions', '503 busy', 503],
  ['anthropic-messages', '429 {"type":"error"}', 429],
  ['mistral-conversations', 'Mistral API error (422): {}', 422],
  ['google-generative-ai', '{"error":{"code":400,"message":"x"}}', 400],
  ['openai-completions', 'Connection error.', null],
] as const)('%s says "%s": %s', (api, message, status) => {
  expect(statusIn(api, message)).toBe(status)
})

const SETTINGS = { baseMs: 1_000, maxMs: 30_000, jitter: 0.1 }

it.each([
  [1, 0.5, 1_000],
  [2, 0.5, 2_000],
  [3, 0.5, 4_000],
  [9, 0.5, 30_000],
  [1, 0, 900],
  [1, 1, 1_100],
])('after failure %i, with luck %d, the wait is %i ms', (failed, random, wait) => {
  expect(retryDelay(failed, SETTINGS, random)).toBe(wait)
})

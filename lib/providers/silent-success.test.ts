import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { monotonicMs } from '@/lib/core/clock'
import { modelKernel, ONE_PER_PROTOCOL, outcomesOf, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import type { MockStep } from '@/lib/core/testing/mock-provider/script-step'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import type { ToolSpec } from '@/lib/shared/chat'
import { callModel, type ModelCall } from '.'

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
})
afterAll(() => mock.close())
beforeEach(() => {
  mock.reset()
  modelKernel({ ...mockSurroundings(mock.url), CLASPER_RETRY_ATTEMPTS: '1' })
})

const TOOLS: ToolSpec[] = [
  { name: 'set_zone', description: 'Sets the zone', parameters: { type: 'object', properties: {} } },
]

// 19 characters of system prompt and 5 of message: 5 + 2 tokens.
const PROMPT_TOKENS = 7

const ask = (model: string, step: MockStep, over: Partial<ModelCall> = {}) => {
  mock.script(step)
  return callModel(sampleCall(model, over))
}

describe.each(ONE_PER_PROTOCOL)('$protocol', ({ protocol, model }) => {
  it('no finish reason is a cut answer, paid by estimate', async () => {
    const answer = await ask(model, { text: ['half', ' an answer'], finish: 'none', usage: false })
    expect(answer).toMatchObject({ ok: false, kind: 'provider_error', partialText: 'half an answer' })
    expect(answer.attempts).toMatchObject([
      {
        outcome: 'unmetered_cut',
        billable: 'estimated',
        isEstimated: true,
        usage: { input: PROMPT_TOKENS, output: 4 },
      },
    ])
  })

  it('an answer without usage is an answer, paid by estimate', async () => {
    const answer = await ask(model, { text: 'eight characters and more', usage: false })
    expect(answer).toMatchObject({ ok: true, isEstimated: true, usage: { input: PROMPT_TOKENS, output: 7 } })
    expect(answer.attempts[0]).toMatchObject({ outcome: 'ok', billable: 'estimated', isEstimated: true })
  })

  it.each([
    ['more tokens than any model reads', { input: 3_000_000_000, output: 5 }],
    ['more than a number holds', { input: 9e15, output: 9e15 }],
    ['less than nothing', { input: -500, output: -5 }],
    ['parts of tokens', { input: 1.5, output: 2.5 }],
  ])('a usage of %s is none', async (_, usage) => {
    const { attempts } = await ask(model, { text: 'eight characters and more', usage })
    const paid = { input: PROMPT_TOKENS, output: 7, cacheRead: 0, cacheWrite: 0 }
    expect(attempts[0]).toMatchObject({ billable: 'estimated', isEstimated: true, usage: paid })
  })

  it('an empty stream is a failure and never free', async () => {
    const answer = await ask(model, { isEmpty: true })
    expect(answer.ok).toBe(false)
    expect(outcomesOf(answer.attempts)[0]).toMatch(/^(?:unmetered_cut|empty_response)$/)
    expect(answer.attempts[0]).toMatchObject({ billable: 'estimated', usage: { output: 1 } })
  })

  it.each([
    ['nothing', []],
    ['white space', [' ', '\n']],
  ])('%s in place of text is an empty response', async (_, text) => {
    const answer = await ask(model, { text, usage: { input: 9, output: 2 } })
    expect(answer).toMatchObject({ ok: false, kind: 'provider_empty' })
    expect(answer.attempts).toMatchObject([
      { outcome: 'empty_response', billable: 'metered', usage: { input: 9, output: 2 } },
    ])
  })

  it('a connection cut in mid-answer keeps the text and is paid by estimate', async () => {
    const answer = await ask(model, { text: ['one', ' two', ' three', ' four', ' five'], cutAfter: 4 })
    expect(answer).toMatchObject({ ok: false, kind: 'provider_error' })
    expect(answer.ok ? '' : answer.partialText).toMatch(/^one/)
    expect(answer.attempts).toMatchObject([{ outcome: 'unmetered_cut', billable: 'estimated', isEstimated: true }])
  })

  it('a chunk that is no JSON ends the answer as a failure', async () => {
    const answer = await ask(model, { text: ['one', ' two', ' three'], garbageAfter: 4 })
    expect(answer.ok).toBe(false)
    expect(answer.attempts).toMatchObject([{ outcome: 'unmetered_cut', billable: 'estimated' }])
  })

  it('a content filter ends it for good', async () => {
    modelKernel(mockSurroundings(mock.url))
    const answer = await ask(model, { text: 'I would', finish: 'content_filter' })
    expect(answer).toMatchObject({ ok: false, kind: 'provider_error' })
    expect(outcomesOf(answer.attempts)).toEqual(['content_filter'])
    expect(mock.requests()).toHaveLength(1)
  })

  it('cut arguments of a tool call are no call', async () => {
    const toolCalls = [{ name: 'set_zone', arguments: '{"tz": 5, "extra"' }]
    const answer = await ask(model, { toolCalls }, { tools: TOOLS })
    expect(answer.ok).toBe(false)
    // Google sends arguments as an object, so there the whole chunk is broken.
    expect(outcomesOf(answer.attempts)).toEqual([protocol === 'google' ? 'unmetered_cut' : 'invalid_tool_call'])
  })

  it('arguments that are no object are no call', async () => {
    if (protocol === 'google') return
    const answer = await ask(model, { toolCalls: [{ name: 'set_zone', arguments: '[1]' }] }, { tools: TOOLS })
    expect(outcomesOf(answer.attempts)).toEqual(['invalid_tool_call'])
  })

  it('a call that the token limit cut before its arguments is no call', async () => {
    if (protocol === 'google') return
    const step: MockStep = { toolCalls: [{ name: 'set_zone', arguments: '' }], finish: 'length' }
    const answer = await ask(model, step, { tools: TOOLS })
    expect(outcomesOf(answer.attempts)).toEqual(['invalid_tool_call'])
  })

  it('a tool without arguments may be called without any', async () => {
    const answer = await ask(model, { toolCalls: [{ name: 'set_zone', arguments: {} }] }, { tools: TOOLS })
    expect(answer).toMatchObject({ ok: true, finish: 'tool_calls', toolCalls: [{ name: 'set_zone', arguments: {} }] })
  })

  it('two calls with one id are refused', async () => {
    const twice = { id: 'same', name: 'set_zone', arguments: { tz: 1 } }
    const answer = await ask(model, { toolCalls: [twice, twice] }, { tools: TOOLS })
    // The library gives Google's second call an id of its own, so the two cannot be mistaken.
    if (protocol === 'google') {
      const ids = answer.ok ? answer.toolCalls.map(({ id }) => id) : []
      expect(new Set(ids).size).toBe(2)
    } else expect(outcomesOf(answer.attempts)).toEqual(['invalid_tool_call'])
  })

  it('silence after the first words ends within the idle time, and the connection is closed', async () => {
    const began = monotonicMs()
    const answer = await ask(model, { text: ['one', ' two', ' three', ' four', ' five'], stallAfter: 4 })
    expect(monotonicMs() - began).toBeLessThan(1_300)
    expect(answer).toMatchObject({ ok: false, kind: 'provider_error' })
    expect(answer.attempts).toMatchObject([{ outcome: 'timeout_idle', billable: 'estimated' }])
    await expect.poll(() => mock.abandoned()).toBe(1)
  })

  it('silence before the first word ends within the header time', async () => {
    const answer = await ask(model, { stallAfter: 0 })
    expect(answer.attempts).toMatchObject([{ outcome: 'timeout_idle', billable: 'estimated' }])
    await expect.poll(() => mock.abandoned()).toBe(1)
  })

  it('slow words are no silence', async () => {
    const answer = await ask(model, { text: ['a', 'b', 'c', 'd', 'e', 'f'], chunkDelayMs: 60 })
    expect(answer).toMatchObject({ ok: true, text: 'abcdef' })
  })

  it('the deadline of the whole call ends it', async () => {
    const step: MockStep = { text: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], chunkDelayMs: 80 }
    const answer = await ask(model, step, { deadlineMs: 300 })
    expect(answer).toMatchObject({ ok: false, kind: 'timeout' })
    expect(outcomesOf(answer.attempts)).toEqual(['timeout_total'])
  })

  it('a caller who leaves ends it at once; what was begun is paid by estimate', async () => {
    const leaving = new AbortController()
    const answer = await ask(
      model,
      { text: ['one', ' two', ' three'], chunkDelayMs: 50 },
      { signal: leaving.signal, onText: () => leaving.abort() },
    )
    expect(answer).toMatchObject({ ok: false, kind: 'cancelled', partialText: 'one' })
    expect(answer.attempts).toMatchObject([{ outcome: 'aborted_by_client', billable: 'estimated' }])
    await expect.poll(() => mock.abandoned()).toBe(1)
  })

  it('after words went out there is no second attempt, so no word comes twice', async () => {
    modelKernel(mockSurroundings(mock.url))
    const deltas: string[] = []
    const answer = await ask(
      model,
      { text: ['one', ' two', ' three', ' four', ' five'], cutAfter: 4 },
      { onText: (delta) => void deltas.push(delta) },
    )
    expect(answer.ok).toBe(false)
    expect(answer.attempts).toHaveLength(1)
    expect(answer.ok ? '' : answer.partialText).toBe(deltas.join(''))
    expect(mock.requests()).toHaveLength(1)
  })
})

it('who has gone before the first byte is asked nothing and owes nothing', async () => {
  const answer = await ask('openai/gpt-4o-mini', {}, { signal: AbortSignal.abort() })
  expect(answer).toMatchObject({ ok: false, kind: 'cancelled' })
  expect(answer.attempts).toMatchObject([{ outcome: 'aborted_by_client', billable: 'none' }])
  expect(mock.requests()).toHaveLength(0)
})

it('a slow reader holds the answer up and is not mistaken for a silent provider', async () => {
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const answer = await ask('openai/gpt-4o-mini', { text: ['a', 'b', 'c'] }, { onText: () => wait(400) })
  expect(answer).toMatchObject({ ok: true, text: 'abc' })
})

it('a reader who fails is a reader who left', async () => {
  const onText = async () => {
    throw new Error('EPIPE')
  }
  const answer = await ask('openai/gpt-4o-mini', { text: 'hello' }, { onText })
  expect(answer).toMatchObject({ ok: false, attempts: [{ outcome: 'aborted_by_client' }] })
})

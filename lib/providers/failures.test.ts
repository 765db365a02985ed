import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock, monotonicMs } from '@/lib/core/clock'
import {
  modelKernel,
  ONE_PER_PROTOCOL,
  outcomesOf,
  sampleCall,
  watchRetries,
} from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { callModel, providersHealth, resolveModel } from '.'

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
})
afterAll(() => mock.close())
beforeEach(() => {
  mock.reset()
  modelKernel(mockSurroundings(mock.url))
})

const REFUSALS = [
  [429, 'rate_limited', 3],
  [500, 'server', 3],
  [502, 'server', 3],
  [504, 'server', 3],
  [503, 'overloaded', 3],
  [529, 'overloaded', 3],
  [401, 'auth', 1],
  [403, 'auth', 1],
  [400, 'bad_request', 1],
  [404, 'bad_request', 1],
  [422, 'bad_request', 1],
] as const

describe.each(ONE_PER_PROTOCOL)('$protocol', ({ model }) => {
  it.each(REFUSALS)('%i is %s: %i attempts, nothing owed', async (status, outcome, attempts) => {
    mock.answer(() => ({ status }))
    const answer = await callModel(sampleCall(model))
    expect(answer).toMatchObject({ ok: false, kind: 'provider_error', partialText: '' })
    expect(outcomesOf(answer.attempts)).toEqual(Array(attempts).fill(outcome))
    expect(mock.requests()).toHaveLength(attempts)
    for (const attempt of answer.attempts) {
      expect(attempt).toMatchObject({ status, billable: 'none', isEstimated: false })
      expect(attempt.reason).toContain(`mock refusal ${status}`)
      expect(attempt.usage).toEqual({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 })
    }
  })

  it('goes on after two refusals; each attempt is told and follows from the one before', async () => {
    mock.script({ status: 500 }, { status: 529 })
    const { told, onRetry } = watchRetries()
    const answer = await callModel(sampleCall(model, { onRetry }))
    expect(answer).toMatchObject({ ok: true, text: 'Hello from the mock provider.' })
    expect(outcomesOf(answer.attempts)).toEqual(['server', 'overloaded', 'ok'])
    expect(answer.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(told.map(({ failed }) => failed.id)).toEqual(answer.attempts.slice(0, 2).map(({ id }) => id))
    expect(told.map(({ next }) => next.id)).toEqual(answer.attempts.slice(1).map(({ id }) => id))
    expect(answer.attempts.map(({ retryOf }) => retryOf)).toEqual([
      undefined,
      ...answer.attempts.slice(0, 2).map(({ id }) => id),
    ])
  })

  it('waits as long as Retry-After says, when that fits', async () => {
    mock.script({ status: 429, retryAfter: '0.3' })
    const began = monotonicMs()
    const answer = await callModel(sampleCall(model))
    expect(outcomesOf(answer.attempts)).toEqual(['rate_limited', 'ok'])
    expect(monotonicMs() - began).toBeGreaterThanOrEqual(295)
  })

  it('reads a wait that is told as a date', async () => {
    mock.script({ status: 503, retryAfter: new Date(Date.now() + 86_400_000).toUTCString() })
    expect((await callModel(sampleCall(model))).attempts).toHaveLength(1)
  })

  it('does not wait longer than the call may take', async () => {
    mock.script({ status: 429, retryAfter: 60 })
    const began = monotonicMs()
    const answer = await callModel(sampleCall(model, { deadlineMs: 3_000 }))
    expect(outcomesOf(answer.attempts)).toEqual(['rate_limited'])
    expect(monotonicMs() - began).toBeLessThan(2_000)
  })

  it('a host that nobody listens on is a network failure and owes nothing', async () => {
    const gone = await startMockProvider()
    await gone.close()
    modelKernel(mockSurroundings(gone.url))
    const answer = await callModel(sampleCall(model))
    expect(outcomesOf(answer.attempts)).toEqual(['network', 'network', 'network'])
    for (const { billable, reason } of answer.attempts) {
      expect(billable).toBe('none')
      expect(reason).toContain('ECONNREFUSED')
    }
  })

  it('a connection that breaks after the request may be on the bill', async () => {
    const rude = createServer((request) => {
      request.resume()
      request.on('end', () => request.socket.destroy())
    })
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    modelKernel(mockSurroundings(`http://127.0.0.1:${(rude.address() as AddressInfo).port}`))
    const answer = await callModel(sampleCall(model))
    rude.close()
    expect(outcomesOf(answer.attempts)).toEqual(['network', 'network', 'network'])
    expect(answer.attempts[0]).toMatchObject({ billable: 'estimated', isEstimated: true, usage: { output: 1 } })
  })

  it('a prompt that is too long is told apart from a bad request', async () => {
    mock.answer(() => ({
      status: 400,
      body: JSON.stringify({ error: { code: 400, message: 'prompt is too long: 300000 tokens > 200000 maximum' } }),
    }))
    const answer = await callModel(sampleCall(model))
    expect(outcomesOf(answer.attempts)).toEqual(['context_overflow'])
  })
})

it('reads the wait that Google tells in the body', async () => {
  mock.script({ status: 429, body: '{"error":{"code":429,"details":[{"retryDelay":"0.3s"}]}}' })
  const began = monotonicMs()
  const answer = await callModel(sampleCall('google/gemini-2.5-flash'))
  expect(outcomesOf(answer.attempts)).toEqual(['rate_limited', 'ok'])
  expect(monotonicMs() - began).toBeGreaterThanOrEqual(295)
})

describe('failover', () => {
  const OPENAI = 'openai/gpt-4o-mini'
  const withFallback = (status: number, fallback = 'anthropic/claude-sonnet-4-5', body?: string) => {
    mock.answer(({ path }) => (path.endsWith('/responses') ? { status, ...(body ? { body } : {}) } : undefined))
    return callModel(sampleCall(OPENAI, { fallback: resolveModel(fallback) }))
  }

  it('asks the fallback when the attempts are used up; both are on record', async () => {
    const answer = await withFallback(500)
    expect(answer).toMatchObject({ ok: true, model: { name: 'anthropic/claude-sonnet-4-5' } })
    expect(answer.attempts.map(({ model, outcome, isFallback }) => [model.provider, outcome, isFallback])).toEqual([
      ['openai', 'server', false],
      ['openai', 'server', false],
      ['openai', 'server', false],
      ['anthropic', 'ok', true],
    ])
  })

  it.each([401, 403, 404])('asks it at once on %i', async (status) => {
    const answer = await withFallback(status)
    expect(answer.ok).toBe(true)
    expect(answer.attempts).toHaveLength(2)
  })

  it('does not ask it to refuse the same bad request', async () => {
    const answer = await withFallback(400)
    expect(answer.attempts).toHaveLength(1)
  })

  it.each([
    ['google/gemini-2.5-flash', true],
    ['openai/gpt-4', false],
  ])('a prompt that is too long goes to %s: %s', async (fallback, isAsked) => {
    const body = JSON.stringify({ error: { message: 'Your input exceeds the context window of this model' } })
    const answer = await withFallback(400, fallback, body)
    expect(answer.ok).toBe(isAsked)
    expect(answer.attempts).toHaveLength(isAsked ? 2 : 1)
  })

  it('ends when the caller has no budget for another attempt', async () => {
    mock.answer(() => ({ status: 500 }))
    const answer = await callModel(sampleCall(OPENAI, { onRetry: async () => false }))
    expect(answer).toMatchObject({ ok: false, kind: 'budget' })
    expect(mock.requests()).toHaveLength(1)
  })
})

describe('cooldown', () => {
  const MODEL = 'openai/gpt-4o-mini'

  it('leaves a model alone after five failures, then one call tries for all', async () => {
    const clock = fixedClock(new Date('2026-01-01T00:00:00Z'))
    modelKernel({ ...mockSurroundings(mock.url), CLASPER_RETRY_ATTEMPTS: '1' }, clock)
    mock.answer(() => ({ status: 500 }))
    for (let n = 0; n < 5; n++) await callModel(sampleCall(MODEL, { firstAttemptId: `call-${n}` }))
    expect(providersHealth().cooldowns).toEqual([
      { provider: 'openai', model: 'gpt-4o-mini', failures: 5, until: new Date('2026-01-01T00:00:30Z') },
    ])
    const refused = await callModel(sampleCall(MODEL, { fallback: resolveModel('groq/llama-3.3-70b-versatile') }))
    expect(outcomesOf(refused.attempts)).toEqual(['cooldown', 'server'])
    expect(refused.attempts[0]).toMatchObject({ billable: 'none', durationMs: 0 })
    expect(mock.requests().filter(({ path }) => path === '/v1/responses')).toHaveLength(5)

    clock.advance(31_000)
    mock.answer(() => ({ text: 'back', delayMs: 50 }))
    const both = await Promise.all([callModel(sampleCall(MODEL)), callModel(sampleCall(MODEL))])
    expect(both.map((answer) => outcomesOf(answer.attempts)[0]).sort()).toEqual(['cooldown', 'ok'])
    expect((await callModel(sampleCall(MODEL))).ok).toBe(true)
    expect(providersHealth().cooldowns).toEqual([])
  })

  it('lasts as long as Retry-After says', async () => {
    const clock = fixedClock(new Date('2026-01-01T00:00:00Z'))
    modelKernel({ ...mockSurroundings(mock.url), CLASPER_RETRY_ATTEMPTS: '1' }, clock)
    mock.script({ status: 429, retryAfter: 90 })
    await callModel(sampleCall(MODEL))
    clock.advance(89_000)
    expect(outcomesOf((await callModel(sampleCall(MODEL))).attempts)).toEqual(['cooldown'])
    clock.advance(2_000)
    expect((await callModel(sampleCall(MODEL))).ok).toBe(true)
  })

  it('does not come from requests that are wrong themselves', async () => {
    mock.answer(() => ({ status: 400 }))
    for (let n = 0; n < 7; n++) await callModel(sampleCall(MODEL))
    expect(mock.requests()).toHaveLength(7)
  })
})

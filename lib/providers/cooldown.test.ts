import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { modelKernel, ONE_PER_PROTOCOL, outcomesOf, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import type { MockStep } from '@/lib/core/testing/mock-provider/script-step'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { callModel, providersHealth } from '.'

const MODEL = 'openai/gpt-4o-mini'
let mock: MockProvider
let clock: ReturnType<typeof fixedClock>
let count = 0

beforeAll(async () => {
  mock = await startMockProvider()
})
afterAll(() => mock.close())
beforeEach(() => {
  mock.reset()
  clock = fixedClock(new Date('2026-01-01T00:00:00Z'))
  modelKernel(mockSurroundings(mock.url), clock)
})

const callOf = (tenantId: string, model = MODEL) => {
  count += 1
  return callModel(sampleCall(model, { tenantId, firstAttemptId: `call-${count}` }))
}

const failing = async (step: MockStep, ...tenants: string[]) => {
  mock.answer(() => step)
  for (const tenant of tenants) await callOf(tenant)
  mock.answer(() => undefined)
}

const isServed = async (tenant: string): Promise<boolean> => (await callOf(tenant)).ok

const TOO_LARGE =
  '{"error":{"message":"Request too large for gpt-4o-mini on tokens per min (TPM): Limit 30000, Requested 60000.","type":"tokens","code":"rate_limit_exceeded"}}'
const UNPAID = '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota"}}'

describe('what one tenant brings about is felt by that tenant alone', () => {
  it('one call that fails in three attempts is one failure', async () => {
    await failing({ status: 500 }, 'a', 'a')
    expect(mock.requests()).toHaveLength(6)
    expect(await isServed('a')).toBe(true)
  })

  it.each([
    ['server', { status: 500 }],
    ['unmetered_cut', { text: 'half', finish: 'none' }],
    ['empty_response', { text: '' }],
  ] as const)('%s: five calls of one tenant', async (_, step) => {
    await failing(step, 'a', 'a', 'a', 'a', 'a')
    expect(outcomesOf((await callOf('a')).attempts)).toEqual(['cooldown'])
    expect(await isServed('b')).toBe(true)
    expect(providersHealth().cooldowns).toEqual([])
  })

  it('a request above the whole limit is a bad one, asked once and never counted', async () => {
    await failing({ status: 429, body: TOO_LARGE }, ...Array<string>(6).fill('a'))
    expect(mock.requests()).toHaveLength(6)
    expect(await isServed('a')).toBe(true)
  })

  it.each(ONE_PER_PROTOCOL)('$protocol: an account without money is asked once', async ({ model }) => {
    mock.answer(() => ({ status: 429, body: UNPAID }))
    expect(outcomesOf((await callOf('a', model)).attempts)).toEqual(['auth'])
  })

  it('a wait of a day is kept by who was told it, for an hour, and then tried', async () => {
    await failing({ status: 429, retryAfter: 86_400 }, 'a')
    expect(await isServed('b')).toBe(true)
    expect(await isServed('a')).toBe(false)
    clock.advance(3_599_000)
    expect(await isServed('a')).toBe(false)
    clock.advance(2_000)
    expect(await isServed('a')).toBe(true)
  })
})

describe('what several tenants meet', () => {
  it('pauses the model for all, then one tries', async () => {
    await failing({ status: 500 }, 'a', 'b', 'a', 'b')
    expect(providersHealth().cooldowns).toEqual([])
    await failing({ status: 500 }, 'a')
    expect(providersHealth().cooldowns).toMatchObject([{ failures: 5, until: new Date('2026-01-01T00:00:30Z') }])
    expect(await isServed('c')).toBe(false)
    clock.advance(31_000)
    mock.answer(() => ({ text: 'back', delayMs: 50 }))
    const both = await Promise.all([callOf('c'), callOf('d')])
    expect(both.map((answer) => outcomesOf(answer.attempts)[0]).sort()).toEqual(['cooldown', 'ok'])
    expect(await isServed('a')).toBe(true)
  })

  it('never pauses for longer than a minute, whatever the provider asks for', async () => {
    await failing({ status: 429, retryAfter: 86_400 }, 'a', 'b')
    expect(await isServed('c')).toBe(false)
    clock.advance(61_000)
    expect(await isServed('c')).toBe(true)
  })

  it('a success in between begins the count anew', async () => {
    await failing({ status: 500 }, 'a', 'b', 'a', 'b')
    expect(await isServed('c')).toBe(true)
    await failing({ status: 500 }, 'b')
    expect(providersHealth().cooldowns).toEqual([])
  })
})

it('who is stopped by the clock of the run is timed out, and who leaves has left', async () => {
  mock.answer(() => ({ stallAfter: 1 }))
  const stopped = new AbortController()
  setTimeout(() => stopped.abort(), 198)
  const late = await callModel(sampleCall(MODEL, { deadlineMs: 200, signal: stopped.signal }))
  expect(late).toMatchObject({ ok: false, kind: 'timeout' })
  expect(outcomesOf(late.attempts)).toEqual(['timeout_total'])

  const leaving = new AbortController()
  setTimeout(() => leaving.abort(), 50)
  const left = await callModel(sampleCall(MODEL, { deadlineMs: 5_000, signal: leaving.signal }))
  expect(left).toMatchObject({ ok: false, kind: 'cancelled' })

  const gone = await callModel(sampleCall(MODEL, { deadlineMs: 3, signal: AbortSignal.abort() }))
  expect(gone).toMatchObject({ kind: 'timeout', attempts: [{ outcome: 'timeout_total', billable: 'none' }] })
})

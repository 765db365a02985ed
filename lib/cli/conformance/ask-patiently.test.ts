import { expect, it } from 'vitest'
import { askPatiently, waitMsOf } from './ask-patiently'

const NOON = Date.parse('2026-01-01T12:00:00Z')

it.each([
  ['0', 1, 0],
  ['7', 1, 7_000],
  ['31', 1, null],
  [null, 1, 1_000],
  [null, 2, 2_000],
  ['soon', 1, 1_000],
  ['Thu, 01 Jan 2026 12:00:05 GMT', 1, 5_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 1, 0],
  ['Thu, 01 Jan 2026 13:00:00 GMT', 1, null],
])('waits as Retry-After %j says on try %i: %j ms', (asked, attempt, expected) => {
  expect(waitMsOf(asked, attempt, NOON)).toBe(expected)
})

const answers = (...statuses: number[]) => {
  const left = [...statuses]
  return async () => new Response('{}', { status: left.shift() ?? 500, headers: { 'retry-after': '0' } })
}

it('asks three times at most, and only because of 429', async () => {
  expect((await askPatiently(answers(429, 429, 200))).status).toBe(200)
  expect((await askPatiently(answers(429, 429, 429, 200))).status).toBe(429)
  expect((await askPatiently(answers(503, 200))).status).toBe(503)
})

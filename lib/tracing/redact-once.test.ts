import { expect, it } from 'vitest'
import { installKernel } from '@/lib/core/kernel'
import { redactValue } from '@/lib/core/redact'
import { createRedactor } from '@/lib/core/redaction/tenant'
import { testKernel } from '@/lib/core/testing/kernel'
import { redactOutcome, redactRecord } from './redact-once'

installKernel(testKernel('file:./none.db'))

const CLEANER = createRedactor('nobody')
const LONG = 'Write to ada@example.com, who pays with 4111 1111 1111 1111, and to bob@example.com about his order.'
const call = { id: 'c1', name: 'x', arguments: { to: LONG, password: LONG }, result: LONG, permitted: true }

it.each([
  { message: LONG, tool_calls: [call, { ...call, result: 'short' }, { ...call, result: { deep: LONG } }] },
  { message: '', tool_calls: [], heartbeat_token: true },
  { message: LONG },
  { tool_calls: 'odd', message: null, more: { secret: LONG } },
])('says of an outcome what redaction says of it, in the same order, and again', (outcome) => {
  const wanted = JSON.stringify(redactValue(outcome))
  for (let n = 0; n < 2; n++) expect(JSON.stringify(redactOutcome(CLEANER, outcome))).toBe(wanted)
  expect(wanted).not.toContain('ada@example.com')
})

it('says of a step what redaction says of it', () => {
  const step = { type: 'llm_call', text: LONG, tool_calls: [call], reason: LONG, token: LONG }
  const wanted = JSON.stringify(redactValue(step))
  for (let n = 0; n < 2; n++)
    expect(JSON.stringify(redactRecord(CLEANER, step, ['text', 'result', 'error']))).toBe(wanted)
})

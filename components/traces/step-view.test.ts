import { describe, expect, it } from 'vitest'
import type { Trace } from '@/lib/tracing/contract'
import { spanOf, stepViews } from './step-view'

const began = '2026-03-01T10:00:00.000Z'
const at = (ms: number) => new Date(Date.parse(began) + ms).toISOString()
const step = (
  type: Trace['steps'][number]['type'],
  ms: number,
  duration_ms: number,
  data: Record<string, unknown>,
) => ({
  type,
  timestamp: at(ms),
  duration_ms,
  data,
  step_id: `${type} ${ms}`,
  prev_step_hash: null,
  step_hash: 'sha256:x',
})
const call = { id: 'c1', name: 'task_list', duration_ms: 40, permitted: true, success: true }
const trace = (steps: Trace['steps'], calls = [call]): Trace =>
  ({ started_at: began, duration_ms: 200, steps, output: { message: null, tool_calls: calls } }) as unknown as Trace

describe('steps as people read them', () => {
  it('an attempt that failed says why, the next one which it was', () => {
    const [first, second] = stepViews(
      trace([
        step('llm_call', 0, 30, { provider: 'openai', model: 'a', outcome: 'rate_limited', status: 429, attempt: 1 }),
        step('llm_call', 60, 90, {
          provider: 'anthropic',
          model: 'b',
          outcome: 'ok',
          attempt: 2,
          retry_of: 'x',
          fallback: true,
          input_tokens: 1200,
        }),
      ]),
    )
    expect(first).toMatchObject({ subject: 'openai/a', notes: [{ text: 'Rate limited', tone: 'bad' }] })
    expect(first?.facts).toContainEqual({ name: 'HTTP status', value: '429' })
    expect(second?.notes.map(({ text }) => text)).toEqual(['Answered', 'Attempt 2', 'Fallback model'])
    expect(second?.facts).toContainEqual({ name: 'Tokens in', value: '1,200' })
  })

  it('names tools also where their payloads are withheld', () => {
    const withheld = { withheld: true }
    const views = stepViews(
      trace([
        step('tool_call', 100, 0, { type: 'tool_call', ...withheld }),
        step('tool_result', 150, 40, { type: 'tool_result', ...withheld }),
      ]),
    )
    expect(views).toMatchObject([
      { title: 'Tool call', subject: 'task_list', isWithheld: true, payload: null, startMs: 100 },
      { title: 'Tool result', subject: 'task_list', isWithheld: true, startMs: 110, durationMs: 40 },
    ])
    expect(spanOf(views, null)).toBe(150)
    expect(spanOf(views, 200)).toBe(200)
  })

  it('a call that was refused was not executed', () => {
    const refused = { ...call, permitted: false, success: false }
    const views = stepViews(trace([step('tool_result', 1, 0, { tool_name: 'x', success: false })], [refused]))
    expect(views[0]?.notes).toEqual([{ text: 'Not executed', tone: 'warn' }])
  })

  it('a refused call shows the layer, and what the model was told', () => {
    const [asked, told] = stepViews(
      trace(
        [
          step('tool_call', 1, 0, {
            tool_name: 'refund',
            permitted: false,
            permission_reason: 'tenant: denied',
            arguments: { a: 1 },
          }),
          step('tool_result', 2, 1, { tool_name: 'refund', success: false, error: 'not permitted' }),
        ],
        [],
      ),
    )
    expect(asked).toMatchObject({ notes: [{ text: 'Refused' }], facts: [{ name: 'Why', value: 'tenant: denied' }] })
    expect(asked?.payload?.text).toBe('{\n  "a": 1\n}')
    expect(told?.payload).toEqual({ label: 'What the model was told', text: 'not permitted' })
  })
})

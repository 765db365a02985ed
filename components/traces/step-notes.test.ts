import { describe, expect, it } from 'vitest'
import type { Trace } from '@/lib/tracing/contract'
import { stepNotes } from './step-notes'

type Step = Trace['steps'][number]

const step = (type: Step['type'], at: number, data: Record<string, unknown>): Step => ({
  type,
  timestamp: '2026-03-01T10:00:00.000Z',
  duration_ms: 1,
  data,
  step_id: `01930000-0000-7000-8000-00000000000${at}`,
  prev_step_hash: null,
  step_hash: 'sha256:x',
})
const call = { id: 'c1', name: 'task_list', duration_ms: 40, permitted: true, success: true }
const notes = (steps: Step[], calls: Trace['output']['tool_calls'] = []) =>
  Object.fromEntries(stepNotes({ steps, output: { message: null, tool_calls: calls } }))

describe('what stands out at a step', () => {
  it('nothing, where all went well', () => {
    const steps = [step('llm_call', 1, { outcome: 'ok', attempt: 1 }), step('tool_call', 2, { permitted: true })]
    expect(notes(steps, [call])).toEqual({})
  })

  it('an attempt that failed says why, the next one which it was', () => {
    const again = { outcome: 'ok', attempt: 2, retry_of: 'x', fallback: true, usage_estimated: true }
    expect(notes([step('llm_call', 1, { outcome: 'rate_limited' }), step('llm_call', 2, again)])).toEqual({
      '8000000000000001': [{ text: 'Rate limited', tone: 'bad' }],
      '8000000000000002': [
        { text: 'Attempt 2', tone: 'warn' },
        { text: 'Fallback model', tone: 'warn' },
        { text: 'Tokens estimated', tone: 'warn' },
      ],
    })
  })

  it('a refused call is told, also where its payload is withheld', () => {
    const steps = [step('tool_call', 1, { withheld: true }), step('tool_call', 2, { withheld: true })]
    expect(notes(steps, [call, { ...call, permitted: false, success: false }])).toEqual({
      '8000000000000002': [{ text: 'Refused', tone: 'warn' }],
    })
    expect(notes([step('tool_call', 3, { permitted: false })])).toHaveProperty('8000000000000003')
  })

  it('an outcome that is new to the console keeps its own name', () => {
    expect(notes([step('llm_call', 1, { outcome: 'gremlins' })])['8000000000000001']).toEqual([
      { text: 'gremlins', tone: 'bad' },
    ])
  })
})

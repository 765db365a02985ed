import { describe, expect, it } from 'vitest'
import { ApiError } from '@/lib/shared/api-client'
import { afterEnd, afterError, afterEvent, historyOf, newTurn, type RunEvent, type Turn } from './turn'

const ID = '01930000-0000-7000-8000-000000000001'
const turn = newTurn(1, { message: 'hi', role: 'agent' }, 'demo/clasper-demo')
const done = (response: string, more: object = {}): RunEvent =>
  ({ type: 'done', trace_id: ID, response, delivery: 'none', stop_reason: 'completed', ...more }) as RunEvent
const heard = (events: readonly RunEvent[], from: Turn = turn): Turn => events.reduce(afterEvent, from)

describe('a turn of the conversation', () => {
  it('is told in the order in which it happened', () => {
    const { parts, state, traceId } = heard([
      { type: 'start', trace_id: ID, execution_id: null, task_id: null },
      { type: 'chunk', data: 'Let me ' },
      { type: 'chunk', data: 'look.' },
      { type: 'tool_call', id: 'a', name: 'task_list', permitted: true },
      { type: 'tool_call', id: 'b', name: 'refund', permitted: false },
      { type: 'tool_result', id: 'b', name: 'refund', success: false, duration_ms: 0 },
      { type: 'tool_result', id: 'a', name: 'task_list', success: true, duration_ms: 12 },
      { type: 'chunk', data: 'Done.' },
      done('Done.'),
    ])
    expect(parts).toEqual([
      { kind: 'text', text: 'Let me look.' },
      { kind: 'tool', id: 'a', name: 'task_list', state: 'done', durationMs: 12 },
      { kind: 'tool', id: 'b', name: 'refund', state: 'refused', durationMs: 0 },
      { kind: 'text', text: 'Done.' },
    ])
    expect({ state, traceId }).toEqual({ state: 'done', traceId: ID })
  })

  it('a stop is no failure, a cut is one, an end is an end', () => {
    const left = Object.assign(new Error('gone'), { name: 'AbortError' })
    expect(afterError(turn, left)).toMatchObject({ state: 'stopped', failure: null })
    expect(afterEnd(turn)).toMatchObject({ state: 'failed', failure: { code: 'network' } })
    expect(afterEnd(heard([done('x')])).state).toBe('done')
  })

  it('a refusal keeps its code, its request and what was wrong', () => {
    const details = { formErrors: [], fieldErrors: { temperature: ['must be at most 2'] } }
    const error = new ApiError('invalid_request', 'Invalid payload', 400, 'r1', details)
    expect(afterError(turn, error).failure).toEqual({
      message: 'Invalid payload',
      code: 'invalid_request',
      requestId: 'r1',
      faults: ['temperature: must be at most 2'],
    })
  })

  it('a run that failed before its first word leads to its trace, a refused one has none', () => {
    const failed = (code: 'provider_error' | 'budget_exhausted') =>
      afterError(turn, new ApiError(code, 'No', 502, 'r1', {}, ID)).traceId
    expect(failed('provider_error')).toBe(ID)
    expect(failed('budget_exhausted')).toBeNull()
  })

  it('only whole answers go on with the conversation', () => {
    const turns = [
      heard([done('One')]),
      heard([done('HEARTBEAT_OK', { suppressed: true })]),
      afterEnd(turn),
      { ...turn, state: 'stopped' as const },
    ]
    expect(historyOf(turns)).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'One' },
    ])
  })
})

import { expect, it } from 'vitest'
import { contract, open } from '@/lib/shared/contract'
import { wireText } from './wire'

const onWire = (...args: Parameters<typeof wireText>): unknown => JSON.parse(wireText(...args))

const base = { method: 'GET', path: '/x', summary: 'x', guard: open } as const

it('doubles keys in camelCase and leaves maps keyed by data alone', () => {
  const described = contract({ ...base, camel: true })
  const reply = {
    total_cost: 1,
    entries: [{ created_at: 't', event_data: { some_key: 1 } }],
    entries_by_type: { auth_success: 2 },
  }
  expect(onWire(described, reply, true)).toEqual({
    total_cost: 1,
    totalCost: 1,
    entries: [{ created_at: 't', createdAt: 't', event_data: { some_key: 1 }, eventData: { some_key: 1 } }],
    entries_by_type: { auth_success: 2 },
    entriesByType: { auth_success: 2 },
  })
})

it('leaves alone what a contract says is keyed by data', () => {
  const described = contract({ ...base, camel: true, verbatim: ['skills'] })
  expect(onWire(described, { skills: { a_b: 1 }, other_map: { a_b: 1 } }, true)).toEqual({
    skills: { a_b: 1 },
    other_map: { a_b: 1, aB: 1 },
    otherMap: { a_b: 1, aB: 1 },
  })
})

it('adds named aliases on each item and lifts an object to the top, never over a canonical key', () => {
  const described = contract({
    ...base,
    aliases: [
      { on: 'entries', keys: { timestamp: 'created_at' } },
      { on: 'stats', lift: true },
    ],
  })
  const reply = {
    entries: [{ created_at: 't' }, { created_at: 'u', timestamp: 'own' }],
    stats: { total: 1, entries: 'other' },
  }
  expect(onWire(described, reply, true)).toEqual({
    entries: [
      { created_at: 't', timestamp: 't' },
      { created_at: 'u', timestamp: 'own' },
    ],
    stats: { total: 1, entries: 'other' },
    total: 1,
  })
})

it('gathers named keys in one object of camelCase', () => {
  const described = contract({
    ...base,
    aliases: [{ on: '', into: 'risk', keys: { score: 'risk_score', parts: 'parts' } }],
  })
  const reply = { risk_score: 3, parts: { tool_breadth: 1, list: [{ a_b: 2 }] }, other: 4 }
  expect(onWire(described, reply, true)).toEqual({
    ...reply,
    risk: { score: 3, parts: { toolBreadth: 1, list: [{ aB: 2 }] } },
  })
  expect(onWire(described, { ...reply, risk: 'own' }, true)).toEqual({ ...reply, risk: 'own' })
})

it('sends canonical keys only when asked to', () => {
  const reply = { a_b: 1 }
  expect(onWire(contract({ ...base, camel: true }), reply, false)).toEqual(reply)
})

it('reaches further in by a dotted name, and lifts the named keys alone', () => {
  const described = contract({
    ...base,
    aliases: [
      { on: 'trace.usage', keys: { prompt_tokens: 'input_tokens' } },
      { on: 'traces.usage', keys: { prompt_tokens: 'input_tokens' } },
      { on: 'trace', keys: { agent_id: 'role' }, lift: ['agent_id', 'usage', 'absent'] },
    ],
  })
  const usage = { input_tokens: 1 }
  const named = { input_tokens: 1, prompt_tokens: 1 }
  expect(onWire(described, { trace: { role: 'r', usage, steps: [] }, traces: [{ usage }, null] }, true)).toEqual({
    agent_id: 'r',
    usage: named,
    trace: { role: 'r', agent_id: 'r', usage: named, steps: [] },
    traces: [{ usage: named }, null],
  })
})

it('a map of annotations keeps its keys, a list of them is doubled', () => {
  const described = contract({ ...base, camel: true })
  expect(onWire(described, { annotations: { a_b: 'x' }, skill_versions: { my_skill: '1' } }, true)).toMatchObject({
    annotations: { a_b: 'x' },
    skillVersions: { my_skill: '1' },
  })
  expect(onWire(described, { annotations: [{ trace_id: 't' }] }, true)).toEqual({
    annotations: [{ trace_id: 't', traceId: 't' }],
  })
})

it('writes what JSON can hold and nothing else', () => {
  const described = contract({ ...base, camel: true, aliases: [{ on: 'list', keys: { other_name: 'a_b' } }] })
  const at = new Date(0)
  const reply = {
    list: [{ a_b: at, none: undefined, call: () => 1 }, { c: null }, undefined, 'a\u2028"b'],
    empty_list: [],
    not_a_number: Number.NaN,
    own: { a_b: 1, aB: 2 },
  }
  expect(onWire(described, reply, true)).toEqual({
    list: [
      { a_b: at.toJSON(), aB: at.toJSON(), other_name: at.toJSON(), otherName: at.toJSON() },
      { c: null },
      null,
      'a\u2028"b',
    ],
    empty_list: [],
    emptyList: [],
    not_a_number: null,
    notANumber: null,
    own: { a_b: 1, aB: 2 },
  })
})

it('knows a second name by the path of its object alone', () => {
  const described = contract({ ...base, aliases: [{ on: 'trace.usage', keys: { prompt_tokens: 'input' } }] })
  const reply = { usage: { input: 1 }, trace: { input: 2, usage: { input: 3 } } }
  expect(onWire(described, reply, true)).toEqual({
    ...reply,
    trace: { input: 2, usage: { input: 3, prompt_tokens: 3 } },
  })
})

it('gives a second name inside of data where the contract says so, and no other', () => {
  const described = contract({ ...base, camel: true, aliases: [{ on: 'result', keys: { isDone: 'is_done' } }] })
  const reply = { result: { is_done: true, of_all: { a_b: 1 } }, in_all: { a_b: 1 } }
  expect(onWire(described, reply, true)).toEqual({
    result: { ...reply.result, isDone: true },
    in_all: { a_b: 1, aB: 1 },
    inAll: { a_b: 1, aB: 1 },
  })
})

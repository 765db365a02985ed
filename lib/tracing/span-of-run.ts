import type { Scope } from '@/lib/core/scope'
import { priceOf, readNote } from '@/lib/providers'
import type { SpanDetail } from './contract/spans'
import { type Json, listOf, parse } from './present'
import type { Prices } from './span-cost'
import { presentRow, tokensOf, whyOf } from './span-present'
import { type Buckets, NO_BUCKETS } from './span-record'
import type { StoredTrace } from './store'

// A run of ours as spans: the agent, below it the calls of models and of tools. Made from its steps when somebody asks.

type Step = StoredTrace['steps'][number]
type Charge = { costMicroUsd: bigint; priceVersion: string }
export type Charges = ReadonlyMap<string, Charge>

const MILLION = 1_000_000n
const THOUSAND = 1_000n
const ID_LENGTH = 16

export const spanIdOf = (id: string): string => id.replaceAll('-', '').slice(-ID_LENGTH)

const nsOf = (date: Date): bigint => BigInt(date.getTime()) * MILLION
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const count = (value: unknown): number => (typeof value === 'number' ? value : 0)

export const NO_DETAIL = {
  scope: null,
  resource: {},
  request_model: null,
  response_model: null,
  response_id: null,
  first_token_ns: null,
  error_type: null,
  finish_reasons: [],
  grouping: {},
  attempt: null,
  dialect: 'clasper',
  mapped_by: {},
  content: null,
  tool: null,
  params: {},
  usage: null,
  cost: { given_nano_usd: null, computed_nano_usd: null, price_version: null, why: [] },
  attributes: {},
  events: [],
  links: [],
  status_message: null,
  received_at: null,
  withheld: false,
} satisfies Partial<SpanDetail>

const BARE = {
  parentSpanId: null,
  provider: null,
  toolName: null,
  usage: null,
  givenNanoUsd: null,
  computedNanoUsd: null,
  isCounting: false,
  flags: [],
  model: null,
}

const bucketsOf = (data: Json): Buckets => {
  const [read, written] = [count(data['cache_read_tokens']), count(data['cache_write_tokens'])]
  return {
    ...NO_BUCKETS,
    inUncached: Math.max(0, count(data['input_tokens']) - read - written),
    cacheRead: read,
    cacheWrite: written,
    outVisible: count(data['output_tokens']),
  }
}

// A settled line keeps the rates that it was charged by; those of earlier versions name the book alone.
const pricesAt = (data: Json, note: string): Prices | undefined => {
  const { version, rates } = readNote(note)
  if (rates) return [rates.input, rates.output, rates.cacheRead, rates.cacheWrite]
  const price = priceOf({ provider: text(data['provider']) ?? '', id: text(data['model']) ?? '' })
  return price.version === version ? [price.input, price.output, price.cacheRead, price.cacheWrite] : undefined
}

const said = (data: Json): SpanDetail['content'] => ({
  system: null,
  input_messages: [],
  output_messages: [
    {
      role: 'assistant',
      parts: [
        ...(text(data['text']) === null ? [] : [{ type: 'text', content: data['text'] }]),
        ...listOf(data['tool_calls']).map((call) => ({ type: 'tool_call', ...call })),
      ],
    },
  ].filter(({ parts }) => parts.length > 0),
  raw_input: null,
  raw_output: null,
  tool_definitions: [],
})

const callSpan = (step: Step, parent: string, charges: Charges): SpanDetail => {
  const data = parse(step.data)
  const usage = bucketsOf(data)
  const charge = charges.get(String(data['attempt_id']))
  const isFree = data['billable'] === 'none'
  const nano = charge === undefined ? null : charge.costMicroUsd * THOUSAND
  const tokens = tokensOf(usage)
  const model = text(data['model'])
  return {
    ...NO_DETAIL,
    ...presentRow(
      {
        ...BARE,
        spanId: spanIdOf(step.stepId),
        parentSpanId: parent,
        name: `chat ${model ?? ''}`.trim(),
        kind: 'inference',
        startNs: nsOf(step.timestamp),
        endNs: nsOf(step.timestamp) + BigInt(step.durationMs) * MILLION,
        status: data['outcome'] === undefined || data['outcome'] === 'ok' ? 'ok' : 'error',
        provider: text(data['provider']),
        model,
        usage,
        computedNanoUsd: nano,
        isCounting: !isFree,
        flags: data['usage_estimated'] === true ? ['usage_estimated'] : [],
      },
      true,
    ),
    request_model: model,
    error_type: data['outcome'] === 'ok' ? null : text(data['outcome']),
    finish_reasons: text(data['finish_reason']) === null ? [] : [String(data['finish_reason'])],
    attempt: Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'text' && key !== 'tool_calls')),
    content: said(data),
    usage: tokens === null ? null : { ...tokens, audio_in: null, audio_out: null, reported_total: null },
    cost: {
      given_nano_usd: null,
      computed_nano_usd: nano === null ? null : Number(nano),
      price_version: charge === undefined ? null : readNote(charge.priceVersion).version,
      why: charge === undefined || isFree ? [] : whyOf(usage, pricesAt(data, charge.priceVersion)),
    },
    status_message: text(data['reason']),
  }
}

const toolSpan = (step: Step, result: Step | undefined, parent: string): SpanDetail => {
  const data = parse(step.data)
  const outcome = parse(result?.data)
  const name = text(data['tool_name'])
  const hasFailed = result !== undefined && outcome['success'] !== true
  const endNs = result === undefined ? null : nsOf(result.timestamp)
  return {
    ...NO_DETAIL,
    ...presentRow(
      {
        ...BARE,
        spanId: spanIdOf(step.stepId),
        parentSpanId: parent,
        name: `execute_tool ${name ?? ''}`.trim(),
        kind: 'tool',
        startNs: nsOf(step.timestamp),
        endNs,
        status: hasFailed ? 'error' : 'ok',
        toolName: name,
      },
      true,
    ),
    attempt: {
      permitted: data['permitted'],
      permission_reason: data['permission_reason'],
      success: outcome['success'],
    },
    tool: {
      name,
      call_id: text(data['tool_call_id']),
      arguments: data['arguments'] ?? null,
      result: outcome['result'] ?? outcome['error'] ?? null,
    },
  }
}

const noteSpan = (step: Step, parent: string): SpanDetail => {
  const data = parse(step.data)
  const isError = step.type === 'error'
  return {
    ...NO_DETAIL,
    ...presentRow(
      {
        ...BARE,
        spanId: spanIdOf(step.stepId),
        parentSpanId: parent,
        name: step.type,
        kind: 'step',
        startNs: nsOf(step.timestamp),
        endNs: nsOf(step.timestamp) + BigInt(step.durationMs) * MILLION,
        status: isError ? 'error' : 'ok',
      },
      true,
    ),
    error_type: isError ? text(data['code']) : null,
    status_message: isError ? text(data['message']) : null,
    content: {
      system: null,
      input_messages: [],
      output_messages: [],
      raw_input: null,
      raw_output: isError ? null : data,
      tool_definitions: [],
    },
  }
}

const STATES: Readonly<Record<string, string>> = { running: 'unset', paused: 'unset', success: 'ok' }

const rootSpan = (row: StoredTrace, inputs: Json): SpanDetail => {
  const outcome = parse(row.content?.outcome)
  const message = (role: string, value: unknown) =>
    text(value) === null ? [] : [{ role, parts: [{ type: 'text', content: value }] }]
  return {
    ...NO_DETAIL,
    ...presentRow(
      {
        ...BARE,
        spanId: spanIdOf(row.id),
        name: `invoke_agent ${row.agentRole ?? 'agent'}`,
        kind: 'agent',
        startNs: nsOf(row.startedAt),
        endNs: row.completedAt === null ? null : nsOf(row.completedAt),
        status: STATES[row.status] ?? 'error',
        provider: row.provider,
        model: row.model,
      },
      true,
    ),
    grouping: { session: row.sessionKey, user: row.userId, agent: row.agentRole, environment: row.environment },
    error_type: row.errorCode,
    status_message: row.error,
    content: {
      system: text(inputs['system_prompt']),
      input_messages: message('user', inputs['message']),
      output_messages: message('assistant', outcome['message']),
      raw_input: null,
      raw_output: null,
      tool_definitions: listOf(inputs['tools']),
    },
  }
}

const spansIn = (row: StoredTrace, parent: string, charges: Charges): SpanDetail[] => {
  const results = new Map(
    row.steps
      .filter(({ type }) => type === 'tool_result')
      .map((step) => [String(parse(step.data)['tool_call_id']), step]),
  )
  return row.steps.flatMap((step) => {
    if (step.type === 'llm_call') return [callSpan(step, parent, charges)]
    if (step.type === 'tool_call')
      return [toolSpan(step, results.get(String(parse(step.data)['tool_call_id'])), parent)]
    return step.type === 'tool_result' ? [] : [noteSpan(step, parent)]
  })
}

const byStart = (a: SpanDetail, b: SpanDetail): number => {
  const [first, second] = [BigInt(a.start_ns), BigInt(b.start_ns)]
  return first !== second ? (first < second ? -1 : 1) : a.id < b.id ? -1 : 1
}

export const chargesOf = async (scope: Scope, traceId: string): Promise<Charges> => {
  const lines = await scope.db.ledgerEntry.findMany({
    where: { traceId, state: 'settled' },
    select: { id: true, costMicroUsd: true, priceVersion: true },
  })
  return new Map(lines.map(({ id, ...charge }) => [id, charge]))
}

export const spansOfRun = (row: StoredTrace, inputs: Json, charges: Charges): SpanDetail[] => {
  const root = rootSpan(row, inputs)
  return [root, ...spansIn(row, root.id, charges)].sort(byStart)
}

import { usdOf } from '@/lib/shared/money'
import type { Trace } from './contract'
import type { ExternalFacts } from './external-facts'
import { checkSteps, isOurs, keepsSteps, listedTrust, trustOf } from './integrity'
import { type Beside, presentSummary, WITHHELD } from './present-summary'
import { CODE } from './shown-name'
import type { StoredTrace } from './store'

export type Json = Record<string, unknown>

export const parse = (text: string | null | undefined): Json => (text ? (JSON.parse(text) as Json) : {})
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

export const NAMELESS = '[withheld]'

// Models choose ids and names, also of tools that there are not.
const namesOf = (call: Json, at: number, known: ReadonlySet<string> | null) => {
  const name = String(call['name'])
  if (known === null) return { id: String(call['id']), name }
  return { id: String(at + 1), name: known.has(name) || known.has(String(call['alias'])) ? name : NAMELESS }
}

export const offeredIn = (inputs: Json): ReadonlySet<string> =>
  new Set(listOf(inputs['tools']).flatMap((tool) => textOf(tool['name']) ?? []))

// `offered` is null for readers who see all.
const callOf = (
  call: Json,
  at: number,
  offered: ReadonlySet<string> | null,
): Trace['output']['tool_calls'][number] => ({
  ...namesOf(call, at, offered),
  ...(offered === null ? { arguments: call['arguments'], result: call['result'] } : {}),
  duration_ms: Number(call['duration_ms'] ?? 0),
  permitted: call['permitted'] === true,
  success: call['success'] === true,
})

// Once it is over the record holds what really happened; before, what was expected.
const riskOf = (row: StoredTrace, inputs: Json, outcome: Json): Trace['risk'] => {
  const risk = (outcome['risk'] ?? inputs['risk']) as Json | undefined
  if (row.riskScore === null || row.riskLevel === null) return null
  return {
    score: row.riskScore,
    level: row.riskLevel,
    factors: risk?.['factors'] ?? {},
    inputs: risk?.['inputs'] ?? {},
  }
}

// What a provider says of a failure may quote the prompt.
const BARE_CALL = [
  ...['model', 'provider', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cost'],
  ...['usage_estimated', 'has_tool_calls', 'attempt', 'attempt_id', 'retry_of', 'fallback', 'outcome', 'billable'],
  ...['finish_reason', 'status'],
]

const bareOf = (type: string, data: string): Json => {
  if (type !== 'llm_call') return { type, withheld: true }
  const { finish_reason: reason, ...rest } = parse(data)
  const all = typeof reason === 'string' && CODE.test(reason) ? { ...rest, finish_reason: reason } : rest
  return Object.fromEntries(BARE_CALL.filter((key) => Object.hasOwn(all, key)).map((key) => [key, all[key]]))
}

const stepsOf = (row: StoredTrace, isOpen: boolean): Trace['steps'] =>
  row.steps.map((step) => ({
    type: step.type as Trace['steps'][number]['type'],
    timestamp: step.timestamp.toISOString(),
    duration_ms: step.durationMs,
    data: isOpen ? parse(step.data) : bareOf(step.type, step.data),
    step_id: step.stepId,
    prev_step_hash: step.prevStepHash,
    step_hash: step.stepHash,
  }))

const besideOf = ({ labels, annotations }: StoredTrace): Beside => ({
  labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])),
  annotations: Object.fromEntries(annotations.map(({ key, value }) => [key, value])),
  factors: [],
})

const externalScopes = (row: StoredTrace, { granted, used }: ExternalFacts, outcome: Json) => ({
  granted_scope: granted,
  used_scope: {
    capabilities: (granted?.capabilities ?? []).filter((name) =>
      listOf(outcome['tool_calls']).some((call) => call['name'] === name),
    ),
    step_count: Math.max(row.stepCount, used?.stepCount ?? 0),
    actual_cost: Math.max(usdOf(row.costMicroUsd), used?.cost ?? 0),
  },
})

// Of what an agent told that signed nothing, only that it is still what came in can be known.
const trustIn = (row: StoredTrace, integrity: Trace['integrity'], violations: number): Trace['trust_status'] => {
  if (isOurs(row.origin) || row.trustStatus === 'platform') return trustOf(integrity, violations)
  return integrity.status === 'compromised' ? 'compromised' : listedTrust(row)
}

// What was given to the run, and what it made of it. Nothing limits steps or cost of own runs one by one.
const scopesOf = ({ row, inputs, external }: Presented, outcome: Json) => {
  if (external?.granted || external?.used) return externalScopes(row, external, outcome)
  if (!isOurs(row.origin)) return { granted_scope: null, used_scope: null }
  const offered = offeredIn(inputs)
  const used = listOf(outcome['tool_calls']).filter((call) => call['permitted'] === true)
  return {
    granted_scope: { capabilities: [...offered].sort(), max_steps: null, max_cost: null },
    used_scope: {
      capabilities: [...new Set(used.map((call) => String(call['name'])))].filter((name) => offered.has(name)).sort(),
      step_count: row.stepCount,
      actual_cost: usdOf(row.costMicroUsd),
    },
  }
}

export type Presented = { row: StoredTrace; inputs: Json; checkedAt: Date; isOpen: boolean; external?: ExternalFacts }

// `isOpen` readers may see texts and payloads; for all others they never leave the server.
export const presentTrace = (shownTrace: Presented): Trace => {
  const { row, inputs, checkedAt, isOpen, external } = shownTrace
  const outcome = parse(row.content?.outcome)
  const offered = isOpen ? null : offeredIn(inputs)
  const shown = (value: unknown) => (isOpen ? textOf(value) : textOf(value) === null ? null : WITHHELD)
  const integrity = checkSteps(row, row.steps)
  return {
    ...presentSummary(row, besideOf(row), isOpen),
    input: { message: shown(inputs['message']), message_history: listOf(inputs['messages']).length },
    output: {
      message: shown(outcome['message']),
      tool_calls: listOf(outcome['tool_calls']).map((call, at) => callOf(call, at, offered)),
    },
    steps: stepsOf(row, isOpen),
    redacted_prompt: shown(inputs['system_prompt']),
    risk: riskOf(row, inputs, outcome),
    ...scopesOf(shownTrace, outcome),
    violations: external?.violations ?? [],
    integrity,
    integrity_status: integrity.status,
    integrity_failures: integrity.failures,
    integrity_checked_at: keepsSteps(row.origin) ? checkedAt.toISOString() : null,
    trust_status: trustIn(row, integrity, external?.violations.length ?? 0),
    withheld: !isOpen,
  }
}

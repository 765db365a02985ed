import { monotonicMs } from '@/lib/core/clock'
import { compileOwn, MOST_PATTERN_CHARS, type OwnPattern } from '@/lib/core/redaction/own-pattern'
import { KINDS, mayBeOff, type RuleRow } from '@/lib/core/redaction/rules'
import { Problem } from '@/lib/shared/problem'
import type { RuleDraft } from '../contract/redaction'

export const LIMITS = { most_patterns: 20, most_chars: MOST_PATTERN_CHARS } as const
const MOST_SIZE_IN_ALL = 4_000

// A record is made of these; a pattern that finds them would take the record apart instead of a secret out of it.
const KEPT: readonly string[] = [
  ...['user', 'assistant', 'system', 'tool', 'text', 'message', 'messages', 'role', 'content', 'type', 'name', 'id'],
  ...['arguments', 'result', 'tools', 'tool_calls', 'tool_call_id', 'tool_name', 'model', 'temperature', 'max_tokens'],
  ...['metadata', 'risk', 'workspace', 'function', 'parameters', 'properties', 'required', 'description', 'bodies'],
  ...['string', 'object', 'number', 'integer', 'boolean', 'array', 'null', 'true', 'false', 'success', 'error'],
  ...['input', 'output', 'status', 'timestamp', 'response', 'usage', 'cost', 'delivery', 'llm_call', 'tool_result'],
  ...['tool_call', 'decision', 'stop_reason', 'completed', 'kind', 'entity_id', 'request_id', 'trace_id'],
  ...['execution_id', 'system_prompt', 'composed_at', 'timezone', 'UTC', 'prompt_notes', 'hash', 'value', 'code'],
  ...['gpt-4o', 'openai/gpt-4o-mini', 'claude-sonnet-4-5', '0', '1', '42', '0.7', '1024', '2026-03-01', '12:30:59'],
]
const HASH = `sha256:${'9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'}`

const PROSE = `Dear team, yesterday we moved the warehouse to the new building, and all orders of the last three weeks were
shipped on time. Please write down what is missing before Friday, so that the night shift can look for it. The total of
the invoices is 1,284.50 and the delivery note has 14 lines. Nothing else changed: the rest stays as it was agreed in
the meeting with the people from the other office, who will visit us again in autumn.`

const MOST_OF = 0.25
const HOSTILE_SIZE = 16_384
const MOST_MS = 400

const covered = (pattern: OwnPattern, text: string): number =>
  pattern.find(text, 0, true).found.reduce((sum, { from, to }) => sum + to - from, 0)

const hostileTo = (source: string): string[] => {
  const letters = [...new Set(source.replaceAll(/\\[a-zA-Z]|[^\p{L}\p{N}]/gu, ''))].slice(0, 6)
  const units = ['a', '1', 'a ', 'a1 ', ...letters, letters.join('')].filter((unit) => unit !== '')
  return units.map((unit) => unit.repeat(Math.ceil(HOSTILE_SIZE / unit.length)))
}

// Time of the better of two tries, so that a busy machine does not refuse what is cheap.
const isSlow = (pattern: OwnPattern, text: string): boolean =>
  [1, 2].every(() => {
    const started = monotonicMs()
    pattern.find(text, 0, true)
    return monotonicMs() - started > MOST_MS
  })

const patternFault = (source: string): string | null => {
  const pattern = compileOwn(source)
  if (typeof pattern === 'string') return pattern
  const kept = KEPT.find((word) => covered(pattern, word) > 0)
  if (kept !== undefined) return `matches "${kept}", which every record is made of; say more of what stands around it`
  if (covered(pattern, HASH) > 0) return 'matches inside of content hashes; bind it with \\b or with what stands before'
  const share = covered(pattern, PROSE) / PROSE.length
  if (share > MOST_OF) return `matches ${Math.round(share * 100)} % of ordinary text`
  if (hostileTo(source).some((text) => isSlow(pattern, text))) return 'takes too long on texts made against it'
  return null
}

const refuse = (field: string, why: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [why] } })
}

const isKind = (name: string): boolean => KINDS.some((kind) => kind === name)

// The specification knows telephone numbers of the United States by two names.
export const ruleNameOf = (name: string): string => (name === 'phone' ? 'phone_us' : name)

export type Judged = Pick<RuleRow, 'name' | 'pattern' | 'replacement' | 'isEnabled'> & {
  strategy: RuleDraft['strategy']
}

const sizeOf = (pattern: string | null): number => {
  const compiled = pattern === null ? null : compileOwn(pattern)
  return compiled === null || typeof compiled === 'string' ? 0 : compiled.size
}

/** The rule as it is stored, or a refusal that says what is wrong with it. */
export const judgeRule = (draft: RuleDraft): Judged => {
  const name = ruleNameOf(draft.name)
  const pattern = draft.pattern ?? null
  if (isKind(name) && pattern !== null) refuse('name', `${name} is a kind of the house; give your pattern another name`)
  if (!isKind(name) && pattern === null) refuse('pattern', `is needed: the house knows no kind ${name}`)
  if (isKind(name) && !draft.is_enabled && !mayBeOff(name)) refuse('is_enabled', `${name} is always redacted`)
  const fault = pattern === null ? null : patternFault(pattern)
  if (fault !== null) refuse('pattern', fault)
  const replacement = draft.replacement ?? null
  if (replacement !== null && draft.strategy !== 'mask') refuse('replacement', 'goes with the strategy mask only')
  return { name, pattern, strategy: draft.strategy, replacement, isEnabled: draft.is_enabled }
}

/** All patterns of a tenant are looked for in every text, so together they have a limit too. */
export const assertFits = (others: readonly RuleRow[], rule: Judged): void => {
  const own = [...others.filter(({ name }) => name !== rule.name), rule].filter(({ pattern }) => pattern !== null)
  if (own.length > LIMITS.most_patterns) refuse('pattern', `at most ${LIMITS.most_patterns} patterns may be set`)
  const size = own.reduce((sum, { pattern }) => sum + sizeOf(pattern), 0)
  if (size > MOST_SIZE_IN_ALL) refuse('pattern', 'is too much beside the others')
}

import { validate } from '@/lib/core/json-schema'
import { matcherFor } from '@/lib/core/schema-patterns'
import { usdOf } from '@/lib/shared/money'
import type { KnownCase, Part, Scorer } from '../contract'
import { jsonIn } from './compare-json'
import { isNear, numberIn } from './numbers'
import { exactMatch, type Said, similarity } from './texts'
import { type ActualCall, sequenceScore, toolCallMatch } from './tool-calls'

export type Outcome = {
  text: string
  toolCalls: readonly ActualCall[]
  durationMs: number
  costMicroUsd: number
}

export type Base = {
  exact_match: number | null
  semantic_similarity: number | null
  tool_call_match: number | null
}

export type Weighed = Part & { weight: number }

export type Judged = { verdict: 'pass' | 'fail' | 'unsure'; score: number | null; note: string | null }

type Ruled = Exclude<Scorer, { type: 'judge' }>

const MOST_TEXT = 200_000

export const nameOf = (scorer: Scorer): string => scorer.name ?? scorer.type

const wantedOf = ({ expected_output: expected, acceptable_outputs: others = [] }: KnownCase): Said[] =>
  expected === undefined ? [...others] : [expected, ...others]

/** The three that every case has; all of them are null where nothing is expected. */
export const baseOf = (one: KnownCase, { text, toolCalls }: Outcome): Base => {
  const wanted = wantedOf(one)
  const calls = one.expected_tool_calls
  if (wanted.length === 0 && calls === undefined)
    return { exact_match: null, semantic_similarity: null, tool_call_match: null }
  return {
    exact_match: wanted.length === 0 ? 1 : exactMatch(wanted, text),
    semantic_similarity: wanted.length === 0 ? 1 : similarity(wanted, text),
    tool_call_match: calls === undefined ? 1 : toolCallMatch(calls, toolCalls),
  }
}

type Found = { score: number | null; passed: boolean | null; note?: string }

const yes = (isMet: boolean, note: string): Found => ({
  score: isMet ? 1 : 0,
  passed: isMet,
  ...(isMet ? {} : { note }),
})
const unknown = (note: string): Found => ({ score: null, passed: null, note })

const byPattern = (scorer: Extract<Scorer, { type: 'regex' }>, { text }: Outcome): Found => {
  const matcher = matcherFor(scorer.ignore_case ? `(?i)${scorer.pattern}` : scorer.pattern)
  if (!matcher) return unknown('The pattern cannot be used.')
  const isFound = matcher.matches(text.slice(0, MOST_TEXT))
  return yes(isFound !== scorer.negate, scorer.negate ? 'It holds what it must not hold.' : 'It does not match.')
}

const bySchema = ({ schema }: Extract<Scorer, { type: 'json_schema' }>, { text }: Outcome): Found => {
  const value = jsonIn(text)
  if (value === undefined) return yes(false, 'The answer is not JSON.')
  const [fault] = validate(schema, value)
  return yes(fault === undefined, `${fault?.path || '(root)'}: ${fault?.message ?? ''}`)
}

const expectedNumber = (scorer: Extract<Scorer, { type: 'numeric' }>, one: KnownCase): number | null => {
  if (scorer.expected !== undefined) return scorer.expected
  const { expected_output: text } = one
  if (typeof text !== 'string') return null
  const found = numberIn(text, scorer.extract)
  return typeof found === 'number' ? found : null
}

const byNumber = (scorer: Extract<Scorer, { type: 'numeric' }>, one: KnownCase, { text }: Outcome): Found => {
  const expected = expectedNumber(scorer, one)
  if (expected === null) return unknown('No number is expected in this case.')
  const actual = numberIn(text, scorer.extract)
  if (typeof actual === 'string') return yes(false, actual)
  return yes(isNear(actual, expected, scorer), `It is off by ${Math.abs(actual - expected)}.`)
}

const bySequence = (scorer: Extract<Scorer, { type: 'tool_sequence' }>, one: KnownCase, seen: Outcome): Found => {
  const expected = scorer.expected ?? one.expected_tool_calls
  if (expected === undefined) return unknown('No calls are expected in this case.')
  const { score, isMet } = sequenceScore(expected, seen.toolCalls, scorer.mode)
  return { score, passed: isMet, ...(isMet ? {} : { note: 'The tools were called in another order.' }) }
}

const ruled = (scorer: Ruled, one: KnownCase, seen: Outcome): Found => {
  switch (scorer.type) {
    case 'regex':
      return byPattern(scorer, seen)
    case 'json_schema':
      return bySchema(scorer, seen)
    case 'numeric':
      return byNumber(scorer, one, seen)
    case 'tool_sequence':
      return bySequence(scorer, one, seen)
    case 'latency':
      return yes(seen.durationMs <= scorer.max_ms, `It took longer than ${scorer.max_ms} ms.`)
    case 'cost':
      return yes(usdOf(seen.costMicroUsd) <= scorer.max_usd, `It cost more than ${scorer.max_usd} USD.`)
  }
}

const partOf = (scorer: Scorer, { score, passed, note }: Found): Weighed => ({
  name: nameOf(scorer),
  type: scorer.type,
  score,
  passed,
  required: scorer.required,
  weight: scorer.weight,
  note: note ?? null,
})

export const isJudge = (scorer: Scorer): scorer is Extract<Scorer, { type: 'judge' }> => scorer.type === 'judge'

/** What rules can say of an answer at once; judges are asked afterwards. */
export const ruledParts = (scorers: readonly Scorer[], one: KnownCase, seen: Outcome): Weighed[] =>
  scorers.flatMap((scorer) => (isJudge(scorer) ? [] : [partOf(scorer, ruled(scorer, one, seen))]))

/** A judge that decides nothing, or contradicts itself, decides nothing here either. */
export const judgedPart = (scorer: Extract<Scorer, { type: 'judge' }>, { verdict, score, note }: Judged): Weighed => {
  const isClear = verdict !== 'unsure' && score !== null && (verdict === 'pass') === score >= scorer.threshold
  return partOf(scorer, {
    score: isClear ? score : null,
    passed: isClear ? verdict === 'pass' : null,
    ...(note === null ? {} : { note }),
  })
}

export type Scored = { status: 'passed' | 'failed' | 'inconclusive'; score: number | null }

const mean = (parts: readonly { score: number; weight: number }[]): number | null => {
  const weight = parts.reduce((sum, part) => sum + part.weight, 0)
  return weight === 0 ? null : parts.reduce((sum, part) => sum + part.score * part.weight, 0) / weight
}

const isNumber = <T extends { score: number | null }>(part: T): part is T & { score: number } => part.score !== null

/** A case passes by its score and by all that is required of it. Where something required is not known, it does not. */
export const verdictOf = (base: Base, parts: readonly Weighed[], threshold: number): Scored => {
  const three = Object.values(base).map((score) => ({ score, weight: 1 }))
  const known = [...three, ...parts].filter(isNumber)
  const score = mean(known)
  if (parts.some(({ required, passed }) => required && passed === false)) return { status: 'failed', score }
  if (known.length === 0 || parts.some(({ required, passed }) => required && passed === null))
    return { status: 'inconclusive', score }
  // Ceilings alone, all of weight 0, leave no score: what is required decides then.
  if (score === null) return { status: 'passed', score }
  return { status: score >= threshold ? 'passed' : 'failed', score }
}

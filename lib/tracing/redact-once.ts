import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { redactText } from '@/lib/core/redact'
import type { SpanType } from '@/lib/core/redaction/input'
import { foundIn, NO_RULES } from '@/lib/core/redaction/rules'
import type { Cleaner } from '@/lib/core/redaction/tenant'

type Json = Record<string, unknown>
type Clean = { text: string; found: readonly SpanType[] }

const LONG = 64
const RECENT = {
  max: 500,
  maxSize: 2_000_000,
  sizeCalculation: (_: Clean, text: string) => text.length + 1,
  ttl: 60_000,
}

export const cleanOf = (text: string): Clean => {
  const clean = redactText(text)
  return clean === text ? { text, found: [] } : { text: clean, found: foundIn(NO_RULES, text).map(({ type }) => type) }
}

// What is remembered serves all tenants whose rules are those of the house.
const redactOnce = (cleaner: Cleaner, text: string): string => {
  if (cleaner.isOwn()) return cleaner.text(text)
  const known = kernel().slot('tracing.redacted-texts', () => new LRUCache<string, Clean>(RECENT))
  const clean = known.get(text) ?? cleanOf(text)
  known.set(text, clean)
  if (cleaner.noted) for (const type of clean.found) cleaner.noted(type)
  return clean.text
}

// As the cleaner's `value`. Answers and results stand in a step and in the outcome of their run: each is looked through once.
export const redactRecord = (cleaner: Cleaner, record: object, texts: readonly string[]): Json => {
  const long = texts.flatMap((key) => {
    const value = (record as Json)[key]
    return typeof value === 'string' && value.length >= LONG ? [[key, value] as const] : []
  })
  if (long.length === 0) return cleaner.value(record) as Json
  const clean = cleaner.value({ ...record, ...Object.fromEntries(long.map(([key]) => [key, ''])) }) as Json
  for (const [key, value] of long) clean[key] = redactOnce(cleaner, value)
  return clean
}

const callsOf = (cleaner: Cleaner, value: unknown): unknown =>
  Array.isArray(value) ? value.map((call: object) => redactRecord(cleaner, call, ['result'])) : cleaner.value(value)

// What came of a run: its last words, and its calls with their results.
export const redactOutcome = (cleaner: Cleaner, outcome: object): Json => {
  const { tool_calls: calls } = outcome as Json
  const clean = redactRecord(cleaner, calls === undefined ? outcome : { ...outcome, tool_calls: null }, ['message'])
  if (calls !== undefined) clean['tool_calls'] = callsOf(cleaner, calls)
  return clean
}

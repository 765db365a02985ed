import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { redactText, redactValue } from '@/lib/core/redact'

type Json = Record<string, unknown>

const LONG = 64
const RECENT = { max: 500, maxSize: 2_000_000, sizeCalculation: (text: string) => text.length + 1, ttl: 60_000 }

const redactOnce = (text: string): string => {
  const known = kernel().slot('tracing.redacted', () => new LRUCache<string, string>(RECENT))
  const found = known.get(text)
  if (found !== undefined) return found
  const clean = redactText(text)
  known.set(text, clean)
  return clean
}

// As redactValue. Answers and results stand in a step and in the outcome of their run: each is looked through once.
export const redactRecord = (record: object, texts: readonly string[]): Json => {
  const long = texts.flatMap((key) => {
    const value = (record as Json)[key]
    return typeof value === 'string' && value.length >= LONG ? [[key, value] as const] : []
  })
  if (long.length === 0) return redactValue(record) as Json
  const clean = redactValue({ ...record, ...Object.fromEntries(long.map(([key]) => [key, ''])) }) as Json
  for (const [key, value] of long) clean[key] = redactOnce(value)
  return clean
}

const callsOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((call: object) => redactRecord(call, ['result'])) : redactValue(value)

// What came of a run: its last words, and its calls with their results.
export const redactOutcome = (outcome: object): Json => {
  const { tool_calls: calls } = outcome as Json
  const clean = redactRecord(calls === undefined ? outcome : { ...outcome, tool_calls: null }, ['message'])
  if (calls !== undefined) clean['tool_calls'] = callsOf(calls)
  return clean
}

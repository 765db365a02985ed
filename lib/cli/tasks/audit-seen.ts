import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { AUDIT_FACTS, type AuditEventFacts } from '@/lib/core/audit-event-facts'
import { AUDIT_EVENT_NAMES, AUDIT_EVENTS } from '@/lib/core/audit-events'

const Line = z.object({ suite: z.string(), event: z.string(), keys: z.array(z.string()) })
export type Seen = z.output<typeof Line>

// Suites of the core write whatever event they like, so what they wrote proves nothing of the product.
const proves = ({ suite }: Seen): boolean => !suite.startsWith('lib/core/')

export const linesOf = (text: string): Seen[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)))

/** What the catalogue promises and no suite of the whole run has seen: events, and keys of their data. */
export const missingIn = (seen: readonly Seen[]): string[] => {
  const keysOf = new Map<string, Set<string>>()
  for (const { event, keys } of seen.filter(proves)) {
    const known = keysOf.get(event) ?? new Set<string>()
    for (const key of keys) known.add(key)
    keysOf.set(event, known)
  }
  return AUDIT_EVENT_NAMES.filter((name) => AUDIT_EVENTS[name].emitted === 'here').flatMap((name) => {
    const found = keysOf.get(name)
    const { keys }: AuditEventFacts = AUDIT_FACTS[name]
    if (found === undefined) return [`${name}: no suite saw a row of it`]
    return keys.filter((key) => !found.has(key)).map((key) => `${name}: no row carried ${key}`)
  })
}

/** After a run of all suites: every event of the catalogue was really written, with the data that is told of it. */
export const checkAuditSeen = (file: string): boolean => {
  const missing = existsSync(file)
    ? missingIn(linesOf(readFileSync(file, 'utf8')))
    : ['no suite wrote down what it saw']
  for (const line of missing) console.log(line)
  return missing.length === 0
}

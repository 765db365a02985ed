import { describe, expect, it } from 'vitest'
import { AUDIT_FACTS, type AuditEventFacts } from '@/lib/core/audit-event-facts'
import { AUDIT_EVENT_NAMES } from '@/lib/core/audit-events'
import { linesOf, missingIn, type Seen } from './audit-seen'

const whole: Seen[] = AUDIT_EVENT_NAMES.map((event) => {
  const { keys }: AuditEventFacts = AUDIT_FACTS[event]
  return { suite: 'lib/auth/x.test.ts', event, keys: [...keys] }
})

describe('the proof over a whole run', () => {
  it('holds where every event was seen with its keys', () => {
    expect(missingIn(whole)).toEqual([])
  })

  it('names an event that nobody wrote, and a key that no row carried', () => {
    const without = whole.filter(({ event }) => event !== 'trace_labeled')
    expect(missingIn(without)).toEqual(['trace_labeled: no suite saw a row of it'])
    const bare = whole.map((one) => (one.event === 'trace_labeled' ? { ...one, keys: ['mode', 'set'] } : one))
    expect(missingIn(bare)).toEqual(['trace_labeled: no row carried removed'])
  })

  it('takes keys together from several rows, and nothing from suites of the core', () => {
    const parts = whole.flatMap((one) => one.keys.map((key) => ({ ...one, keys: [key] })))
    expect(missingIn([...whole.filter(({ keys }) => keys.length === 0), ...parts])).toEqual([])
    const core = whole.map((one) => ({ ...one, suite: 'lib/core/scope.test.ts' }))
    expect(missingIn(core).length).toBeGreaterThan(20)
  })

  it('reads lines as suites write them', () => {
    const line = JSON.stringify({ suite: 'a', event: 'b', kind: null, keys: ['c'] })
    expect(linesOf(`${line}\n${line}\n`)).toHaveLength(2)
    expect(() => linesOf('{"suite":1}')).toThrow()
  })
})

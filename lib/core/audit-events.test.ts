import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AUDIT_EVENT_ALIASES, auditEventFor } from './audit-event-aliases'
import { AUDIT_FACTS, type AuditEventFacts, rightFor } from './audit-event-facts'
import { AUDIT_EVENT_NAMES, AUDIT_EVENTS, type AuditEvent, isAuditEvent, kindsOf } from './audit-events'
import { eventsIn } from './testing/house/audit-rules'

const SPECIFIED =
  `agent_execution_started agent_execution_completed agent_execution_failed tool_call_requested tool_call_succeeded
tool_call_failed tool_permission_denied tool_authorization_requested tool_authorization_granted tool_authorization_denied skill_published
skill_test_run skill_state_changed skill_deprecated_used workspace_change budget_warning budget_exceeded auth_success auth_failure
rate_limit_exceeded config_change system_startup system_shutdown ops_override_used adapter_trace_ingested adapter_audit_event
adapter_cost_ingested adapter_metrics_ingested adapter_violation_reported adapter_telemetry_unsigned adapter_telemetry_signature_invalid
policy_decision_pending policy_decision_resolved approval_auto_allowed_in_core approval_grant_created approval_grant_consumed
blocked_execution_trace_recorded policy_created_from_trace policy_created_via_wizard policy_updated_via_wizard policy_exception_hit
policy_exception_miss policy_fallback_hit permission_denied prompt_override_used trace_labeled trace_annotated trace_replayed trace_revealed
retention_enforced eval_run export_created webhook_delivery_failed`.split(/\s+/)

// Named nowhere else, because no one else delivers later.
const OWN = [
  ...['agent_answer_delivered', 'break_glass_opened', 'break_glass_closed', 'receipt_acknowledged'],
  ...['adapter_execution_decided', 'tool_authorization_used'],
]

describe('the event catalogue', () => {
  test('holds what the specification names and our own, and nothing else', () => {
    expect([...AUDIT_EVENT_NAMES].sort()).toEqual([...SPECIFIED, ...OWN].sort())
  })

  test('earlier dotted names lead to events that exist, and are no events themselves', () => {
    for (const [dotted, name] of Object.entries(AUDIT_EVENT_ALIASES)) {
      expect(isAuditEvent(dotted)).toBe(false)
      expect(auditEventFor(dotted)).toBe(name)
      expect(isAuditEvent(name)).toBe(true)
    }
    expect(auditEventFor('constructor')).toBeUndefined()
    expect(auditEventFor('__proto__')).toBeUndefined()
  })
})

const filesOf = (room: string): { path: string; text: string }[] =>
  readdirSync(join(process.cwd(), 'lib', room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<![.]test)[.]ts$/.test(entry.name) && !entry.name.startsWith('audit-event'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/core/generated/') && !path.includes('/core/testing/'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

const NAMED = new RegExp(`'(?:${AUDIT_EVENT_NAMES.join('|')})'`)

const writtenIn = (room: string): Set<string> =>
  new Set(filesOf(room).flatMap(({ path, text }) => (NAMED.test(text) ? [...eventsIn(path, text)] : [])))

describe('who writes what', () => {
  const rooms = readdirSync(join(process.cwd(), 'lib')).filter((room) => room !== 'shared')
  const written = new Map(rooms.map((room) => [room, writtenIn(room)]))

  test.each(Object.entries(AUDIT_EVENTS).map(([name, { room, emitted }]) => [name, room, emitted] as const))(
    '%s: the catalogue tells the truth about it',
    (name, room, emitted) => {
      const writers = rooms.filter((candidate) => written.get(candidate)?.has(name))
      expect(writers).toEqual(emitted === 'here' ? expect.arrayContaining([room]) : [])
    },
  )

  test('a word that only names an event is no event', () => {
    const source = `type A = { event: 'auth_success' }
      throw new Problem('rate_limit_exceeded')
      if (row.event === 'eval_run') log('trace_revealed')
      const TABLE = { a: 'export_created' } as const
      const tell = (event: AuditEvent, data: object) => scope.command({ audit: [{ event, data }] })
      tell('system_startup', {})
      const b = { event: isGood ? 'trace_labeled' : ('trace_annotated' as const) }
      const c = { event: TABLE[b] }`
    expect([...eventsIn('a.ts', source)].sort()).toEqual([
      'export_created',
      'system_startup',
      'trace_annotated',
      'trace_labeled',
    ])
  })
})

describe('what is told of each event', () => {
  test('a kind that has a right of its own is a kind of the catalogue, and each kind of settings has one', () => {
    const facts: Record<string, AuditEventFacts> = AUDIT_FACTS
    for (const [name, { byKind = {} }] of Object.entries(facts)) {
      const kinds: readonly string[] = 'kinds' in AUDIT_EVENTS[name as AuditEvent] ? kindsOf(name as AuditEvent) : []
      expect([name, Object.keys(byKind).filter((kind) => !kinds.includes(kind))]).toEqual([name, []])
    }
    expect(Object.keys(facts['config_change']?.byKind ?? {}).sort()).toEqual([...kindsOf('config_change')].sort())
  })

  test('no key lets anything pass; whoever may cancel a run closes what it waits for', () => {
    expect(rightFor('approval_grant_created', null)).toMatchObject({ permissions: ['decision:resolve'], scopes: [] })
    expect(rightFor('policy_decision_resolved', null).permissions).toContain('agent:run')
  })

  test('whoever could have done it is named for every event', () => {
    for (const name of AUDIT_EVENT_NAMES)
      for (const kind of [null, ...kindsOf(name)]) {
        const { permissions, scopes, others } = rightFor(name, kind)
        expect([name, kind, permissions.length + scopes.length + others.length]).not.toEqual([name, kind, 0])
      }
  })
})

import { type ActRight, AUDIT_FACTS, type AuditEventFacts, rightFor } from '@/lib/core/audit-event-facts'
import { AUDIT_EVENT_NAMES, AUDIT_EVENTS, type AuditEvent, kindsOf } from '@/lib/core/audit-events'
import { PROBLEMS } from '@/lib/shared/problem'
import { isPermission, PERMISSIONS, ROLES, rolesWith } from '@/lib/shared/rbac'
import { code, table } from './markdown'

export const problemTable = (): string =>
  table(
    ['Status', 'Code', 'Text'],
    Object.entries(PROBLEMS).map(([name, { status, text }]) => [String(status), code(name), text]),
  )

const doersOf = ({ permissions, scopes, others }: ActRight): string =>
  [
    ...permissions.map((permission) => code(permission)),
    ...scopes.map((scope) => `key with ${code(scope)}`),
    ...others.map((other) => OTHERS[other]),
  ].join(', ')

const OTHERS = {
  system: 'the product itself',
  agent: 'a run',
  adapter: 'an external agent',
  anyone: 'whoever is at the door',
} as const

const eventRow = (name: AuditEvent): string[] => {
  const { group, means, room, emitted } = AUDIT_EVENTS[name]
  const { right, keys }: AuditEventFacts = AUDIT_FACTS[name]
  const written = emitted === 'here' ? code(`lib/${room}`) : 'not yet'
  return [code(name), group, means, written, doersOf(right), keys.map((key) => code(key)).join(' ')]
}

export const auditTable = (): string =>
  table(['Event', 'Group', 'Means', 'Written by', 'Who could', 'Data'], AUDIT_EVENT_NAMES.map(eventRow))

export const auditKindTable = (): string =>
  table(
    ['Event', 'Kind', 'Who could'],
    AUDIT_EVENT_NAMES.flatMap((name) =>
      kindsOf(name).map((kind) => [code(name), code(kind), doersOf(rightFor(name, kind))]),
    ),
  )

const title = (role: string) => role.replaceAll('_', ' ')

export const permissionTable = (): string =>
  table(
    ['Permission', 'Means', 'Reach', ...ROLES.map(title)],
    Object.keys(PERMISSIONS)
      .filter(isPermission)
      .map((permission) => {
        const { means, reach } = PERMISSIONS[permission]
        const holders = rolesWith(permission)
        return [code(permission), means, reach, ...ROLES.map((role) => (holders.includes(role) ? 'yes' : ''))]
      }),
  )

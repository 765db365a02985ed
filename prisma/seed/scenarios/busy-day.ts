import { createKey, revokeKey, rotateKey } from '@/lib/auth'
import { ADA, OMAR, ROSA, VERA } from '../people'
import type { Actor, Teller } from '../story'

const MINUTE = 60_000

const signIn = (teller: Teller, person: Actor) =>
  teller.as(person).command({
    audit: [
      { event: 'auth_success', entityId: person.id, data: { action: 'sign_in', method: 'oidc', role: person.role } },
    ],
  })

const mistypedKey = (teller: Teller) =>
  teller.as(OMAR).command({
    audit: [{ event: 'auth_failure', data: { method: 'service_key', reason: 'unknown key', client: '203.0.113.24' } }],
  })

const refused = (teller: Teller, person: Actor, permission: string) =>
  teller.as(person).command({
    audit: [{ event: 'permission_denied', entityId: permission, data: { permission, role: person.role } }],
  })

// More happens in the middle of the day than at night.
const actsInHour = (hour: number): number => Math.max(1, Math.round(7 * Math.sin((Math.PI * (hour % 24)) / 24) ** 2))

const oneAct = async (teller: Teller): Promise<void> => {
  const roll = teller.random.next()
  if (roll < 0.06) await mistypedKey(teller)
  else if (roll < 0.16)
    await refused(
      teller,
      teller.random.pick([VERA, OMAR]),
      teller.random.pick(['key:manage', 'audit:view', 'retention:modify']),
    )
  else await signIn(teller, teller.random.pick([VERA, OMAR, OMAR, ROSA, ADA]))
}

type Moment = { hour: number; act: (teller: Teller) => Promise<void> }
type Scopes = Parameters<typeof createKey>[1]['scopes']

const make = (teller: Teller, name: string, scopes: Scopes, days: number | null) =>
  createKey(teller.as(ADA), {
    name,
    scopes,
    workspace_ids: [],
    expires_in_days: days,
    tenant_mode: 'fixed',
    allowed_tenants: [],
  })

const exported = (teller: Teller) =>
  teller.as(ROSA).command({ audit: [{ event: 'export_created', entityId: 'audit', data: { kind: 'audit_bundle' } }] })

const limited = (teller: Teller) =>
  teller.as(OMAR).command({ audit: [{ event: 'rate_limit_exceeded', data: { limit_per_minute: 600, silenced: 41 } }] })

// What was decided in the course of the day, between all the comings and goings.
const momentsOf = (): Moment[] => {
  const made: Record<string, string> = {}
  return [
    {
      hour: 1,
      act: async (t) =>
        void (made['backend'] = (await make(t, 'support-backend (production)', ['run', 'read', 'write'], 90)).key.id),
    },
    { hour: 4, act: async (t) => void (await make(t, 'collector', ['ingest'], 365)) },
    { hour: 7, act: async (t) => void (made['trial'] = (await make(t, 'trial of Tuesday', ['admin'], 1)).key.id) },
    { hour: 9, act: async (t) => void (await revokeKey(t.as(ADA), made['trial'] ?? '')) },
    { hour: 13, act: async (t) => void (await exported(t)) },
    { hour: 16, act: async (t) => void (await make(t, 'nightly report', ['read'], 3)) },
    { hour: 18, act: async (t) => void (await limited(t)) },
    { hour: 20, act: async (t) => void (await rotateKey(t.as(ADA), made['backend'] ?? '', { grace_minutes: 10_080 })) },
    { hour: 22, act: async (t) => void (await exported(t)) },
  ]
}

export const busyDay = async (teller: Teller): Promise<void> => {
  await teller.tenant('acme', 'Acme Support')
  await signIn(teller, ADA)
  const moments = momentsOf()
  for (let hour = 0; hour < 25; hour++) {
    const acts = actsInHour(hour)
    for (let act = 0; act < acts; act++) {
      teller.advance(Math.floor((60 * MINUTE) / (acts + 1)))
      await oneAct(teller)
    }
    for (const moment of moments.filter((item) => item.hour === hour)) await moment.act(teller)
    teller.advance(Math.floor((60 * MINUTE) / (acts + 1)))
  }
}

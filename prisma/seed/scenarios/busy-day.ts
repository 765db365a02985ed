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

type Moment = { hour: number; act: (teller: Teller) => Promise<unknown> }
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

type Made = Awaited<ReturnType<typeof make>>

// What was decided in the course of the day, between all the comings and goings.
const momentsOf = (): Moment[] => {
  const keys = new Map<string, string>()
  const makeNamed = async (name: string, made: Promise<Made>) => keys.set(name, (await made).key.id)
  const idOf = (name: string): string => keys.get(name) ?? ''
  return [
    {
      hour: 1,
      act: (t) => makeNamed('backend', make(t, 'support-backend (production)', ['run', 'read', 'write'], 90)),
    },
    { hour: 4, act: (t) => make(t, 'collector', ['ingest'], 365) },
    { hour: 7, act: (t) => makeNamed('trial', make(t, 'trial of Tuesday', ['admin'], 1)) },
    { hour: 9, act: (t) => revokeKey(t.as(ADA), idOf('trial')) },
    { hour: 13, act: exported },
    { hour: 16, act: (t) => make(t, 'nightly report', ['read'], 3) },
    { hour: 18, act: limited },
    { hour: 20, act: (t) => rotateKey(t.as(ADA), idOf('backend'), { grace_minutes: 10_080 }) },
    { hour: 22, act: exported },
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

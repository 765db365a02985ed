import { createKey, revokeKey, rotateKey } from '@/lib/auth'
import { ADA, OMAR, ROSA, VERA } from '../people'
import type { Actor, Teller } from '../story'

const MINUTE = 60_000

const signIn = (teller: Teller, person: Actor) =>
  teller.as(person).command({
    audit: [{ event: 'auth_success', entityId: person.id, data: { method: 'oidc', role: person.role } }],
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

const keysOfTheMorning = async (teller: Teller): Promise<void> => {
  const admin = () => teller.as(ADA)
  const make = (name: string, scopes: ('run' | 'read' | 'write' | 'ingest' | 'admin')[], days: number | null) =>
    createKey(admin(), { name, scopes, workspace_ids: [], expires_in_days: days })
  const backend = await make('support-backend (production)', ['run', 'read', 'write'], 90)
  teller.advance(4 * MINUTE)
  await make('collector', ['ingest'], 365)
  teller.advance(11 * MINUTE)
  await make('nightly report', ['read'], 3)
  teller.advance(2 * MINUTE)
  const trial = await make('trial of Tuesday', ['admin'], 1)
  teller.advance(25 * MINUTE)
  await revokeKey(admin(), trial.key.id)
  teller.advance(90 * MINUTE)
  await rotateKey(admin(), backend.key.id, { grace_minutes: 10_080 })
}

export const busyDay = async (teller: Teller): Promise<void> => {
  await teller.tenant('acme', 'Acme Support')
  await signIn(teller, ADA)
  await keysOfTheMorning(teller)
  for (let hour = 0; hour < 23; hour++) {
    const acts = actsInHour(hour)
    for (let act = 0; act < acts; act++) {
      teller.advance(Math.floor((60 * MINUTE) / (acts + 1)))
      await oneAct(teller)
    }
    teller.advance(Math.floor((60 * MINUTE) / (acts + 1)))
  }
}

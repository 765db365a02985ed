import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { CanaryBody } from '../contract/canary'
import type { PinView } from '../contract/environments'
import { homeOf } from '../load-bundle'
import { environmentOf } from './choose-pin'
import { type Changing, makeChange, pinnableVersion, refuseField } from './pin-change'
import type { Canary, Pin } from './pin-set'
import { presentPin } from './present'
import { findPin } from './store'

export type Pinned = { workspaceId: string; environment: string; pin: Pin }

/** Only what is pinned can have a canary. */
export const pinnedPlace = async (scope: Scope, id: string, wished: string | undefined): Promise<Pinned> => {
  const { workspaceId } = await homeOf(scope, id)
  const environment = wished ?? (await environmentOf(scope, workspaceId))
  const pin = (await findPin(scope.db, workspaceId, environment)) ?? missing('pin', `${workspaceId}/${environment}`)
  return { workspaceId, environment, pin }
}

type Reply = Promise<{ status: 'ok'; pin: PinView }>

const change = async (
  scope: Scope,
  place: Pinned,
  how: Pick<Changing, 'next' | 'told' | 'expected' | 'reason'>,
): Reply => {
  const { workspaceId, environment, pin: seen } = place
  const pin = await makeChange(scope, { workspaceId, environment, seen, kind: 'canary', ...how })
  return { status: 'ok', pin: presentPin(place, pin ?? missing('pin')) }
}

const versionFor = async (scope: Scope, { workspaceId, pin }: Pinned, digits: string | undefined): Promise<string> => {
  if (digits !== undefined) {
    const hash = await pinnableVersion(scope, workspaceId, digits)
    return hash === pin.versionHash ? refuseField('version_hash', 'Everybody has this version already') : hash
  }
  return pin.canary?.versionHash ?? refuseField('version_hash', 'No canary runs here: name the version of the new one')
}

// Another version is another canary; another part of the people is the same one.
const canaryOf = (scope: Scope, running: Canary | null, versionHash: string, body: CanaryBody): Canary => {
  const same = running?.versionHash === versionHash ? running : null
  return {
    versionHash,
    percent: body.percent ?? same?.percent ?? 0,
    users: [...new Set(body.users ?? same?.users ?? [])],
    startedAt: same?.startedAt ?? toWire(scope.clock.now()),
  }
}

/** Begins a canary, or changes who gets it. */
export const setCanary = async (scope: Scope, id: string, body: CanaryBody): Reply => {
  const place = await pinnedPlace(scope, id, body.environment)
  const { pin } = place
  const canary = canaryOf(scope, pin.canary, await versionFor(scope, place, body.version_hash), body)
  const { expected_revision: expected, reason } = body
  return change(scope, place, { next: { ...pin, canary }, told: 'canary_set', expected, reason })
}

const running = ({ pin, workspaceId, environment }: Pinned): Canary =>
  pin.canary ?? missing('canary', `${workspaceId}/${environment}`)

export const endCanary = async (
  scope: Scope,
  id: string,
  { environment }: { environment?: string | undefined },
): Reply => {
  const place = await pinnedPlace(scope, id, environment)
  running(place)
  return change(scope, place, { next: { ...place.pin, canary: null }, told: 'canary_ended', expected: undefined })
}

type Promoting = {
  environment?: string | undefined
  expected_revision?: number | undefined
  reason?: string | undefined
}

/** Its version becomes the pinned one; the rest of the pin stays. */
export const promoteCanary = async (scope: Scope, id: string, body: Promoting): Reply => {
  const place = await pinnedPlace(scope, id, body.environment)
  const { versionHash } = running(place)
  const next = { ...place.pin, versionHash, canary: null }
  return change(scope, place, { next, told: 'canary_promoted', expected: body.expected_revision, reason: body.reason })
}

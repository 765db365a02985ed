import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { PinBody, PinView } from '../contract/environments'
import { homeOf, refuseOutside } from '../load-bundle'
import { environmentOf } from './choose-pin'
import { assertPins, makeChange, pinnableVersion } from './pin-change'
import type { Pin, PinSet } from './pin-set'
import { presentPin } from './present'
import { findPin, findPins } from './store'

// A canary is of one version: where the pinned one changes, what the two told of each other is over.
const nextOf = (seen: Pin | null, body: PinBody, versionHash: string): PinSet => ({
  versionHash,
  skillPins: body.skill_pins ?? seen?.skillPins ?? {},
  modelPin: body.model_pin === undefined ? (seen?.modelPin ?? null) : body.model_pin,
  providerPin: body.provider_pin === undefined ? (seen?.providerPin ?? null) : body.provider_pin,
  canary: seen?.versionHash === versionHash ? seen.canary : null,
})

/** From here on runs in this environment get this version; a workspace that nobody knew yet is known by it. */
export const setPin = async (scope: Scope, body: PinBody): Promise<{ status: 'ok'; pin: PinView }> => {
  const { workspace_id: workspaceId, reason } = body
  refuseOutside(scope, workspaceId)
  const environment = body.environment ?? (await environmentOf(scope, workspaceId))
  const seen = await findPin(scope.db, workspaceId, environment)
  const next = nextOf(seen, body, await pinnableVersion(scope, workspaceId, body.version_hash))
  await assertPins(scope, next)
  const expected = body.expected_revision
  const changing = { workspaceId, environment, seen, expected, next, kind: 'pin', told: 'pin_set', reason } as const
  const pin = (await makeChange(scope, changing)) ?? missing('pin')
  return { status: 'ok', pin: presentPin({ workspaceId, environment }, pin) }
}

type Where = { workspace_id: string; environment?: string | undefined }

const pinAt = async (scope: Scope, { workspace_id: id, environment: wished }: Where) => {
  const { workspaceId } = await homeOf(scope, id)
  const environment = wished ?? (await environmentOf(scope, workspaceId))
  const pin = (await findPin(scope.db, workspaceId, environment)) ?? missing('pin', `${workspaceId}/${environment}`)
  return { workspaceId, environment, pin }
}

export const getPin = async (scope: Scope, where: Where): Promise<{ pin: PinView }> => {
  const { pin, ...place } = await pinAt(scope, where)
  return { pin: presentPin(place, pin) }
}

export const removePin = async (scope: Scope, where: Where): Promise<{ status: 'ok'; deleted: true }> => {
  const { pin: seen, ...place } = await pinAt(scope, where)
  await makeChange(scope, { ...place, seen, next: null, kind: 'unpin', told: 'pin_removed' })
  return { status: 'ok', deleted: true }
}

export const listPins = async (scope: Scope, id: string): Promise<{ workspace_id: string; pins: PinView[] }> => {
  const { workspaceId } = await homeOf(scope, id)
  const pins = await findPins(scope.db, workspaceId)
  return {
    workspace_id: workspaceId,
    pins: pins.map((pin) => presentPin({ workspaceId, environment: pin.environment }, pin)),
  }
}

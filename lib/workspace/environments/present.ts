import { toWire } from '@/lib/shared/time'
import type { EnvironmentView, PinChangeView, PinView } from '../contract/environments'
import { type Canary, type Pin, type PinSet, setFromTold } from './pin-set'
import type { ChangeRow, EnvironmentRow } from './store'

const SHOWN = 16

export const shortHash = (hash: string): string => hash.slice(0, SHOWN)

const presentCanary = (canary: Canary | null) =>
  canary && {
    version_hash: shortHash(canary.versionHash),
    percent: canary.percent,
    users: [...canary.users],
    started_at: canary.startedAt,
  }

const presentSet = (set: PinSet) => ({
  version_hash: shortHash(set.versionHash),
  skill_pins: { ...set.skillPins },
  model_pin: set.modelPin,
  provider_pin: set.providerPin,
  canary: presentCanary(set.canary),
})

type Placed = { workspaceId: string; environment: string }

export const presentPin = ({ workspaceId, environment }: Placed, pin: Pin): PinView => ({
  id: pin.id,
  workspace_id: workspaceId,
  environment,
  ...presentSet(pin),
  revision: pin.revision,
  pinned_at: toWire(pin.pinnedAt),
  pinned_by: pin.pinnedBy,
})

type Found = { row: EnvironmentRow; pin: Pin | null; isGated: boolean }

export const presentEnvironment = (workspaceId: string, { row, pin, isGated }: Found): EnvironmentView => ({
  id: `${workspaceId}/${row.name}`,
  workspace_id: workspaceId,
  environment: row.name,
  description: row.description,
  version_hash: pin && shortHash(pin.versionHash),
  is_default: row.isDefault,
  locked: row.isLocked,
  gated: isGated,
  pin: pin && presentPin({ workspaceId, environment: row.name }, pin),
  created_at: toWire(row.createdAt),
  updated_at: toWire(row.updatedAt),
})

const presentTold = (told: unknown) => {
  const set = told === null ? null : setFromTold(told)
  return set && presentSet(set)
}

export const presentChange = (row: ChangeRow): PinChangeView => ({
  id: row.id,
  workspace_id: row.workspaceId,
  environment: row.environment,
  kind: row.kind as PinChangeView['kind'],
  revision: row.revision,
  before: presentTold(row.before),
  after: presentTold(row.after),
  promotion_id: row.promotionId,
  reason: row.reason,
  changed_by: row.changedBy,
  changed_at: toWire(row.changedAt),
})

/** As audit rows tell a pin: versions by the digits that the wire shows. */
export const toldShort = (set: PinSet | null) => set && presentSet(set)

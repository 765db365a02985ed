import type { MutateDb } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { type PinSet, storedCanary, toldSet } from './pin-set'
import { DEFAULT_ENVIRONMENT } from './read-pin'
import { insertChange, putPin } from './sql'
import { findEnvironments, findPin, insertEnvironment, ownEnvironments } from './store'

export type PinChangeKind = 'pin' | 'unpin' | 'promotion' | 'rollback' | 'canary'

export type PinChange = {
  workspaceId: string
  environment: string
  // What the caller has seen; 0 where there was none.
  expectedRevision: number
  // Null takes the pin away.
  next: PinSet | null
  kind: PinChangeKind
  promotionId?: string | undefined
  reason?: string | undefined
  by: string
  byId: string | null
  at: Date
}

type Expected = Pick<PinChange, 'workspaceId' | 'environment' | 'expectedRevision'>

export const revisionConflict = (change: Expected, revision: number): Problem =>
  new Problem('version_conflict', 'Somebody else changed what this environment is pinned to first.', {
    workspace_id: change.workspaceId,
    environment: change.environment,
    expected_revision: change.expectedRevision,
    revision,
  })

// Revisions go on where a pin was taken away: what was seen before that never fits what comes after.
const lastRevision = async (db: MutateDb, { workspaceId, environment }: PinChange): Promise<number> => {
  const { _max } = await db.pinChange.aggregate({ where: { workspaceId, environment }, _max: { revision: true } })
  return _max.revision ?? 0
}

// A pin makes its environment. Runs that name none go on as before: they had `default`.
const ensureEnvironment = async (db: MutateDb, { workspaceId, environment: name, at }: PinChange): Promise<void> => {
  const known = await findEnvironments(db, workspaceId)
  if (known.length === 0 && name !== DEFAULT_ENVIRONMENT)
    await insertEnvironment(db, { workspaceId, name: DEFAULT_ENVIRONMENT, at, isDefault: true })
  if (known.some((row) => row.name === name)) return
  await insertEnvironment(db, { workspaceId, name, at, isDefault: known.length === 0 && name === DEFAULT_ENVIRONMENT })
}

const put = async (db: MutateDb, change: PinChange, next: PinSet, id: string, revision: number): Promise<void> => {
  const { workspaceId, environment } = change
  await ensureEnvironment(db, change)
  await db.run(putPin, [
    {
      workspaceId,
      environment,
      id,
      revision,
      versionHash: next.versionHash,
      skillPins: next.skillPins,
      modelPin: next.modelPin,
      providerPin: next.providerPin,
      canary: storedCanary(next.canary),
      pinnedBy: change.by,
      pinnedById: change.byId,
      pinnedAt: storedTime(change.at),
    },
  ])
}

/** The one way in which a pin changes: whole, kept in its history, and only if nobody was faster. */
export const changePin = async (db: MutateDb, change: PinChange): Promise<{ revision: number }> => {
  const { workspaceId, environment, next, at } = change
  await ownEnvironments(db, workspaceId, at)
  const before = await findPin(db, workspaceId, environment)
  if ((before?.revision ?? 0) !== change.expectedRevision) throw revisionConflict(change, before?.revision ?? 0)
  const revision = Math.max(before?.revision ?? 0, await lastRevision(db, change)) + 1
  const id = before?.id ?? uuidv7(at.getTime())
  if (next) await put(db, change, next, id, revision)
  else await db.workspacePin.deleteMany({ where: { workspaceId, environment } })
  await db.run(insertChange, [
    {
      id: uuidv7(at.getTime()),
      workspaceId,
      environment,
      kind: change.kind,
      before: toldSet(before),
      after: toldSet(next),
      revision,
      promotionId: change.promotionId ?? null,
      reason: change.reason ?? null,
      changedBy: change.by,
      changedById: change.byId,
      changedAt: storedTime(at),
    },
  ])
  return { revision }
}

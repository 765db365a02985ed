import { emit } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { overrideWrites } from '@/lib/governance'
import { Problem } from '@/lib/shared/problem'
import { changePin, environmentOf, type PinSet, readPin, requireVersion } from '@/lib/workspace'
import { shortHash, viewOf } from './candidate'
import type { RollbackBody } from './contract'
import { bareOf } from './look'
import { assertKept, passLock, writeReceipt } from './rollback-promotion'
import { enter, isTargetLocked } from './route-state'
import { findPinHistory } from './store'

const ACTION = 'workspace.rollback'

type Told = { version_hash?: unknown; skill_pins?: unknown; model_pin?: unknown; provider_pin?: unknown }

const setIn = (value: unknown): PinSet | null => {
  const told = (typeof value === 'string' ? JSON.parse(value) : value) as Told | null
  if (told === null || typeof told.version_hash !== 'string') return null
  const text = (one: unknown) => (typeof one === 'string' ? one : null)
  const pins = Object.entries((told.skill_pins ?? {}) as Record<string, unknown>)
  return {
    versionHash: told.version_hash,
    skillPins: Object.fromEntries(pins.map(([name, version]) => [name, String(version)])),
    modelPin: text(told.model_pin),
    providerPin: text(told.provider_pin),
    canary: null,
  }
}

type Past = { set: PinSet | null; hasAny: boolean }

// The whole set in which this version ran here last: its skills and its model belong to it.
const pastOf = async (scope: Scope, workspaceId: string, environment: string, hash: string): Promise<Past> => {
  const rows = await findPinHistory(scope.db, workspaceId, environment)
  const sets = rows.flatMap(({ before, after }) => [setIn(after), setIn(before)])
  return { set: sets.find((set) => set?.versionHash === hash) ?? null, hasAny: rows.length > 0 }
}

const neverHere = (environment: string, hash: string): Problem =>
  new Problem(
    'promotion_blocked',
    `${shortHash(hash)} never ran in ${environment}: that would be a change, not a way back.`,
    undefined,
    { body: { override_required: true, version_hash: shortHash(hash), environment } },
  )

const fresh = (now: PinSet | null, versionHash: string): PinSet => ({
  ...(now ?? { skillPins: {}, modelPin: null, providerPin: null }),
  ...{ versionHash, canary: null },
})

/** An earlier version of the workspace runs again, with the skills and the model that it had. */
export const rollbackWorkspace = async (scope: Scope, id: string, body: RollbackBody) => {
  const workspaceId = await enter(scope, id)
  const { hash } = await requireVersion(scope, workspaceId, body.version_hash)
  const environment = body.environment ?? (await environmentOf(scope, workspaceId))
  const now = await readPin(scope, workspaceId, environment)
  const past = await pastOf(scope, workspaceId, environment, hash)
  const next = past.set ?? fresh(now && bareOf(now), hash)
  await assertKept(scope, workspaceId, next)
  const isNew = past.set === null && past.hasAny
  if (isNew && body.override === undefined) throw neverHere(environment, hash)
  const isLocked = await isTargetLocked(scope.db, { workspaceId, sourceEnv: '', targetEnv: environment })
  const of = { environment, workspaceId, action: ACTION, targetId: `${workspaceId}/${environment}` }
  const locked = passLock(scope, isLocked, body.override, of)
  const receipt =
    locked ??
    (isNew && body.override
      ? overrideWrites(scope, { override: body.override, action: ACTION, targetId: of.targetId, workspaceId })
      : null)
  const reason = scope.redaction.text(`${body.annotation.key}: ${body.annotation.value}`)
  const about = {
    ...{ event: 'workspace_change' as const, entityId: of.targetId, workspaceId },
    data: ({ revision }: { revision: number }) => ({
      ...{ kind: 'rollback', environment, version_hash: shortHash(hash), revision, reason },
      ...{ before: now && viewOf(now), after: viewOf(next), override_used: receipt !== null },
    }),
  }
  const { revision } = await scope.mutate(about, async (db) => {
    const pinned = await changePin(db, {
      ...{ workspaceId, environment, expectedRevision: now?.revision ?? 0, next, kind: 'rollback', reason },
      ...{ by: scope.actor, byId: scope.identity.userId, at: scope.clock.now() },
    })
    const lockedNow = await isTargetLocked(db, { workspaceId, sourceEnv: '', targetEnv: environment })
    if (lockedNow && locked === null)
      throw new Problem('promotion_blocked', `${environment} is locked.`, undefined, {
        body: { override_required: true },
      })
    await writeReceipt(db, receipt)
    await emit(db, 'promotion.changed', { id: null, workspace_id: workspaceId, status: 'rolled_back', environment })
    return pinned
  })
  return {
    status: 'ok' as const,
    version_hash: shortHash(hash),
    environment,
    previous_version_hash: now && shortHash(now.versionHash),
    revision,
    override_used: receipt !== null,
  }
}

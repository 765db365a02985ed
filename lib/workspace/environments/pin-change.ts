import type { MutateDb, Scope } from '@/lib/core/scope'
import { isProblem, Problem } from '@/lib/shared/problem'
import { registrySkillsFor } from '@/lib/skills'
import { loadFolder } from '../load-snapshot'
import { requireVersion } from '../versions/require-version'
import { changePin, type PinChangeKind, revisionConflict } from './change-pin'
import { assertNoGate } from './gate-keeping'
import type { Pin, PinSet } from './pin-set'
import { assertModelPins } from './pinned-model'
import { shortHash, toldShort } from './present'
import { findEnvironment, findPin, ownEnvironments } from './store'

export const refuseField = (field: string, text: string): never => {
  throw new Problem('invalid_request', text, { formErrors: [], fieldErrors: { [field]: [text] } })
}

/** The version that these digits name, which a run could be given: an unknown one, or one that is not whole, is refused. */
export const pinnableVersion = async (scope: Scope, workspaceId: string, digits: string): Promise<string> => {
  const found = await requireVersion(scope, workspaceId, digits).catch((error: unknown) => {
    if (isProblem(error) && error.code === 'not_found')
      return refuseField('version_hash', 'No version of this workspace is known by these digits')
    throw error
  })
  const folder = await loadFolder(scope, found.hash)
  return folder === null ? refuseField('version_hash', 'The files of this version are not kept any more') : found.hash
}

const assertSkillPins = async (scope: Scope, { skillPins }: PinSet): Promise<void> => {
  const wanted = Object.entries(skillPins)
  if (wanted.length === 0) return
  const { skills } = await registrySkillsFor(scope, skillPins, { isPinned: true })
  const known = new Set(skills.map(({ name, version }) => `${name}@${version}`))
  const lost = wanted.map((pair) => pair.join('@')).filter((name) => !known.has(name))
  if (lost.length > 0) refuseField('skill_pins', `The registry does not hold ${lost.join(', ')}`)
}

export const assertPins = async (scope: Scope, next: PinSet): Promise<void> => {
  assertModelPins(next)
  await assertSkillPins(scope, next)
}

export const assertUnlocked = async (db: MutateDb, workspaceId: string, environment: string): Promise<void> => {
  if ((await findEnvironment(db, workspaceId, environment))?.isLocked)
    throw new Problem('environment_locked', `${environment} is locked: unlock it first.`, {
      workspace_id: workspaceId,
      environment,
    })
}

export type Changing = {
  workspaceId: string
  environment: string
  // What the change was made of.
  seen: Pin | null
  expected?: number | undefined
  next: PinSet | null
  kind: PinChangeKind
  // As the audit row tells it.
  told: 'pin_set' | 'pin_removed' | 'canary_set' | 'canary_ended' | 'canary_promoted'
  reason?: string | undefined
}

export const factsOf = ({ environment, seen, next, told, reason }: Changing, revision: number) => ({
  kind: told,
  environment,
  version_hash: next && shortHash(next.versionHash),
  before: toldShort(seen),
  after: toldShort(next),
  revision,
  ...(reason === undefined ? {} : { reason }),
})

/** Within a transaction: the change, unless the environment is locked or somebody was faster. */
export const applyChange = async (scope: Scope, db: MutateDb, changing: Changing): Promise<number> => {
  const { workspaceId, environment, seen, expected, next, kind, reason } = changing
  const looked = seen?.revision ?? 0
  // The gate was asked of what was looked at, so nothing else is changed.
  if (expected !== undefined && expected !== looked)
    throw revisionConflict({ workspaceId, environment, expectedRevision: expected }, looked)
  const { revision } = await changePin(db, {
    ...{ workspaceId, environment, next, kind },
    reason: reason === undefined ? undefined : scope.redaction.text(reason),
    expectedRevision: looked,
    by: scope.actor,
    byId: scope.identity.userId,
    at: scope.clock.now(),
  })
  return revision
}

/** A change of one pin as an act of its own. */
export const makeChange = async (scope: Scope, changing: Changing): Promise<Pin | null> => {
  const { workspaceId, environment } = changing
  await assertNoGate(scope, changing)
  const about = {
    event: 'workspace_change' as const,
    entityId: `${workspaceId}/${environment}`,
    workspaceId,
    data: ({ revision }: { revision: number }) => factsOf(changing, revision),
  }
  const { pin } = await scope.mutate(about, async (db) => {
    await ownEnvironments(db, workspaceId, scope.clock.now())
    await assertUnlocked(db, workspaceId, environment)
    const revision = await applyChange(scope, db, changing)
    return { revision, pin: await findPin(db, workspaceId, environment) }
  })
  return pin
}

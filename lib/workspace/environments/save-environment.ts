import type { MutateDb, Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { EnvironmentBody, EnvironmentView } from '../contract/environments'
import { homeOf, refuseOutside } from '../load-bundle'
import { RESERVED } from '../versions/save-version'
import { assertNoGate, hasGate } from './gate-keeping'
import { applyChange, assertUnlocked, type Changing, factsOf, pinnableVersion, refuseField } from './pin-change'
import type { Pin } from './pin-set'
import { presentEnvironment } from './present'
import { environmentsOf, STAGES } from './read-pin'
import {
  type EnvironmentRow,
  findEnvironment,
  findEnvironments,
  findPin,
  findPins,
  insertEnvironment,
  makeDefault,
  ownEnvironments,
  updateEnvironment,
} from './store'

const mayLock = ({ identity, permissions }: Scope): boolean =>
  identity.plane === 'service' ? identity.scopes.has('admin') : permissions.has('workspace:lock')

const assertMayLock = (scope: Scope): void => {
  if (mayLock(scope)) return
  const lacking = scope.identity.plane === 'service' ? { scope: 'admin' } : { permission: 'workspace:lock' }
  throw new Problem('permission_denied', 'Locking and unlocking an environment asks for more.', lacking)
}

const told = (row: EnvironmentRow | null) =>
  row && { description: row.description, is_default: row.isDefault, locked: row.isLocked }

// A workspace that is made here has a name that can stand in an address.
const enter = (scope: Scope, workspaceId: string): void => {
  refuseOutside(scope, workspaceId)
  if (RESERVED.has(workspaceId)) refuseField('workspace_id', 'is a reserved word')
}

type Wish = { workspaceId: string; name: string; body: EnvironmentBody; at: Date; isGuarded: boolean }

type Rows = readonly Pick<EnvironmentRow, 'name' | 'isDefault' | 'isLocked'>[]

// Whose runs would go elsewhere: another default is another version for everybody who names no environment.
const leftBy = (rows: Rows, { environment: name, is_default: wished }: EnvironmentBody) =>
  wished === true ? rows.find((row) => row.isDefault && row.name !== name) : undefined

const put = async (scope: Scope, db: MutateDb, { workspaceId, name, body, at, isGuarded }: Wish) => {
  const rows = await findEnvironments(db, workspaceId)
  const left = leftBy(rows, body)
  if (left && (left.isLocked || isGuarded)) assertMayLock(scope)
  const before = rows.find((row) => row.name === name) ?? null
  if (body.is_default === false && before?.isDefault)
    refuseField('is_default', 'A workspace has exactly one default environment: make another one the default instead')
  const isLocked = body.locked ?? before?.isLocked ?? false
  if (isLocked !== (before?.isLocked ?? false)) assertMayLock(scope)
  const said = body.description
  const description = typeof said === 'string' ? scope.redaction.text(said) : said === null ? null : before?.description
  const facts = { description: description ?? null, isLocked, at }
  if (before) await updateEnvironment(db, workspaceId, name, facts)
  else await insertEnvironment(db, { workspaceId, name, isDefault: false, ...facts })
  if (body.is_default === true || rows.every(({ isDefault }) => !isDefault))
    await makeDefault(db, workspaceId, name, at)
  return before
}

// Whoever unlocks an environment may change it in the same breath.
const pinIn = async (scope: Scope, db: MutateDb, changing: Changing, wasLocked: boolean): Promise<void> => {
  const { workspaceId, environment } = changing
  if (wasLocked) await assertUnlocked(db, workspaceId, environment)
  const revision = await applyChange(scope, db, changing)
  const data = factsOf(changing, revision)
  db.audit({ event: 'workspace_change', entityId: `${workspaceId}/${environment}`, workspaceId, data })
}

const changingOf = (wish: Wish, seen: Pin | null, versionHash: string): Changing => ({
  workspaceId: wish.workspaceId,
  environment: wish.name,
  seen,
  expected: wish.body.expected_revision,
  next: {
    versionHash,
    skillPins: seen?.skillPins ?? {},
    modelPin: seen?.modelPin ?? null,
    providerPin: seen?.providerPin ?? null,
    canary: seen?.versionHash === versionHash ? seen.canary : null,
  },
  kind: 'pin',
  told: 'pin_set',
  reason: wish.body.reason,
})

type Saved = { before: EnvironmentRow | null; after: EnvironmentRow; pin: Pin | null }

const act = async (scope: Scope, db: MutateDb, wish: Wish, changing: Changing | null): Promise<Saved> => {
  const { workspaceId, name, at } = wish
  await ownEnvironments(db, workspaceId, at)
  const before = await put(scope, db, wish)
  if (changing) await pinIn(scope, db, changing, before?.isLocked ?? false)
  const after = await findEnvironment(db, workspaceId, name)
  if (after === null) throw new Error('An environment that was just written is there')
  if (after.isLocked !== (before?.isLocked ?? false)) {
    const data = { kind: 'lock', environment: name, locked: after.isLocked }
    db.audit({ event: 'config_change', entityId: `${workspaceId}/${name}`, workspaceId, data })
  }
  return { before, after, pin: await findPin(db, workspaceId, name) }
}

const isGatedNow = async (scope: Scope, workspaceId: string, environment: string): Promise<boolean> =>
  hasGate(scope, { workspaceId, environment, seen: await findPin(scope.db, workspaceId, environment) })

/** Makes an environment or changes what is named of it. The first of a workspace is its default one. */
export const saveEnvironment = async (
  scope: Scope,
  body: EnvironmentBody,
): Promise<{ status: 'ok'; environment: EnvironmentView }> => {
  const { workspace_id: workspaceId, environment: name } = body
  enter(scope, workspaceId)
  const left = leftBy(await findEnvironments(scope.db, workspaceId), body)
  const isGuarded = left !== undefined && (await isGatedNow(scope, workspaceId, left.name))
  const wish = { workspaceId, name, body, at: scope.clock.now(), isGuarded }
  const seen = await findPin(scope.db, workspaceId, name)
  const hash = body.version_hash === undefined ? null : await pinnableVersion(scope, workspaceId, body.version_hash)
  const changing = hash === null ? null : changingOf(wish, seen, hash)
  if (changing) await assertNoGate(scope, changing)
  const about = {
    event: 'config_change' as const,
    entityId: `${workspaceId}/${name}`,
    workspaceId,
    data: ({ before, after }: Saved) => ({
      kind: 'environment',
      environment: name,
      before: told(before),
      after: told(after),
    }),
  }
  const { after, pin } = await scope.mutate(about, (db) => act(scope, db, wish, changing))
  const isGated = await hasGate(scope, { workspaceId, environment: name, seen: pin })
  return { status: 'ok', environment: presentEnvironment(workspaceId, { row: after, pin, isGated }) }
}

const LOCKED_AT_FIRST = 'prod'

const initialise = async (db: MutateDb, workspaceId: string, wished: string, at: Date): Promise<string[]> => {
  await ownEnvironments(db, workspaceId, at)
  const rows = await findEnvironments(db, workspaceId)
  const lacking = STAGES.filter((stage) => rows.every(({ name }) => name !== stage))
  for (const name of lacking)
    await insertEnvironment(db, { workspaceId, name, at, isDefault: false, isLocked: name === LOCKED_AT_FIRST })
  if (rows.every(({ isDefault }) => !isDefault)) await makeDefault(db, workspaceId, wished, at)
  return lacking
}

type Init = { workspace_id: string; default_env: string }

/** dev, staging and a locked prod where they are missing. Done twice it is done once. */
export const initEnvironments = async (scope: Scope, { workspace_id: workspaceId, default_env: wished }: Init) => {
  enter(scope, workspaceId)
  const known = new Set((await findEnvironments(scope.db, workspaceId)).map(({ name }) => name))
  if (STAGES.some((stage) => !known.has(stage))) {
    const about = {
      event: 'config_change' as const,
      entityId: workspaceId,
      workspaceId,
      data: (made: string[]) => ({ kind: 'environment', action: 'initialised', made }),
    }
    await scope.mutate(about, (db) => initialise(db, workspaceId, wished, scope.clock.now()))
  }
  const rows = await environmentsOf(scope, workspaceId)
  return {
    status: 'ok' as const,
    environments: rows.map(({ name, isDefault, isLocked }) => ({
      environment: name,
      is_default: isDefault,
      locked: isLocked,
    })),
  }
}

export const listEnvironments = async (scope: Scope, { workspace_id: id }: { workspace_id: string }) => {
  const { workspaceId } = await homeOf(scope, id)
  const [rows, pins] = await Promise.all([environmentsOf(scope, workspaceId), findPins(scope.db, workspaceId)])
  const pinOf = new Map(pins.map((pin) => [pin.environment, pin]))
  const shown = async (row: EnvironmentRow) => {
    const pin = pinOf.get(row.name) ?? null
    const isGated = await hasGate(scope, { workspaceId, environment: row.name, seen: pin })
    return presentEnvironment(workspaceId, { row, pin, isGated })
  }
  return { workspace_id: workspaceId, environments: await Promise.all(rows.map(shown)) }
}

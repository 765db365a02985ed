import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { type Arm, armOf, type Bucketed } from './arm'
import { pinSetIn } from './pin-set'
import { DEFAULT_ENVIRONMENT } from './read-pin'
import { findPlace } from './sql'

// Where something runs. Without an environment it is the workspace's own default.
export type PlaceWish = Bucketed & { workspaceId: string; environment?: string | null | undefined }

export type Chosen = {
  environment: string
  pin: { id: string; revision: number } | null
  arm: Arm | null
  // Null where nothing is pinned: the files as they are now.
  versionHash: string | null
  modelPin: string | null
  providerPin: string | null
  // Null where nothing is pinned: then the workspace says itself which it wants.
  skillPins: Readonly<Record<string, string>> | null
}

type Row = Readonly<Record<string, unknown>>

const rowFor = async (scope: Scope, { workspaceId, environment }: PlaceWish): Promise<Row> => {
  try {
    const [row] = await scope.rows(findPlace, { workspace: workspaceId, environment: environment || null })
    return row ?? {}
  } catch (error) {
    throw new Problem('unavailable', 'What is pinned here cannot be read, so nothing runs.', undefined, {
      cause: error,
    })
  }
}

// A workspace that has environments has no others: a name made up would run what nobody pinned.
const assertKnown = (row: Row, environment: string): void => {
  if (Number(row['any']) === 1 && Number(row['known']) !== 1) missing('environment', environment)
}

/** One look at the database, by keys alone, on each run: what another instance has just pinned counts at once. */
export const choosePin = async (scope: Scope, wish: PlaceWish): Promise<Chosen> => {
  const row = await rowFor(scope, wish)
  const environment = String(row['name'] ?? DEFAULT_ENVIRONMENT)
  if (typeof row['id'] !== 'string') {
    assertKnown(row, environment)
    return { environment, pin: null, arm: null, versionHash: null, modelPin: null, providerPin: null, skillPins: null }
  }
  const { id } = row
  const { versionHash, canary, ...rest } = pinSetIn(row)
  const arm = canary && armOf(id, canary, wish)
  return {
    ...{ environment, arm, pin: { id, revision: Number(row['revision']) } },
    versionHash: canary && arm === 'canary' ? canary.versionHash : versionHash,
    modelPin: rest.modelPin,
    providerPin: rest.providerPin,
    skillPins: rest.skillPins,
  }
}

/** The environment of whoever names none. */
export const environmentOf = async (scope: Scope, workspaceId: string): Promise<string> =>
  (await choosePin(scope, { workspaceId })).environment

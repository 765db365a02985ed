import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { isBootComplete } from '../boot-state'
import { type Bundle, bundleOf, type Home, homeOf } from '../load-bundle'
import { loadSnapshot } from '../load-snapshot'
import type { Arm } from './arm'
import { hasBootMarker } from './boot-marker'
import { choosePin, type PlaceWish } from './choose-pin'
import type { GivenPins } from './pin-set'
import { type Skilled, skillsOfRun } from './skills-of-run'

export type RunPlace = Omit<PlaceWish, 'workspaceId'> & {
  workspaceId: string | undefined
  // All of its digits. An evaluation of a version runs it whatever is pinned; the rest of the pin holds.
  versionHash?: string | undefined
  // The evidence of a promotion: what is to come with the version, not what is pinned there meanwhile.
  pins?: GivenPins | undefined
}

export type Resolved = Skilled & {
  environment: string
  pin: { id: string; revision: number } | null
  arm: Arm | null
  modelPin: string | null
  providerPin: string | null
  skillPins: Readonly<Record<string, string>>
}

type Sought = { hash: string; environment: string; isNamed: boolean }

const lost = ({ environment, hash, isNamed }: Sought): never => {
  if (isNamed)
    throw new Problem('not_replayable', 'The files of this workspace version are not kept.', {
      workspace_version: hash.slice(0, 16),
    })
  throw new Problem('config_error', `The version that ${environment} is pinned to cannot be loaded, so nothing runs.`, {
    environment,
    version_hash: hash.slice(0, 16),
  })
}

/** A version as a run gets it. What is not kept whole is refused: the folder never stands in for it. */
const versionBundle = async (scope: Scope, home: Home, sought: Sought): Promise<Bundle> => {
  const { workspaceId, place } = home
  const skills = scope.identity.allowedSkills
  const found = await loadSnapshot(scope, { hash: sought.hash, workspaceId, isBootComplete: false, skills })
  const bundle = found ?? lost(sought)
  const facts = { texts: bundle.folder.texts, hasBootMarker: hasBootMarker(place) }
  return {
    ...bundle,
    isBootComplete: await isBootComplete(scope, workspaceId, facts),
    policies: { ...bundle.policies, root: place?.path ?? null },
  }
}

/** What a run in this place is given: with a pin its version and nothing else, without one the files as they are. */
export const resolveRun = async (scope: Scope, wish: RunPlace): Promise<Resolved> => {
  const home = await homeOf(scope, wish.workspaceId)
  const chosen = await choosePin(scope, { ...wish, workspaceId: home.workspaceId })
  const { environment } = chosen
  const { modelPin, providerPin, skillPins: wanted } = wish.pins ?? chosen
  const hash = wish.versionHash ?? chosen.versionHash
  const isNamed = wish.versionHash !== undefined
  const bundle =
    hash === null ? await bundleOf(scope, home) : await versionBundle(scope, home, { hash, environment, isNamed })
  const isPinned = wish.pins === undefined && (!isNamed || wish.versionHash === chosen.versionHash)
  const skillPins = wanted ?? {}
  return {
    ...(await skillsOfRun(scope, bundle, skillPins)),
    ...{ environment, modelPin, providerPin, skillPins },
    pin: isPinned ? chosen.pin : null,
    arm: isPinned ? chosen.arm : null,
  }
}

import type { Scope } from '@/lib/core/scope'
import { type Chosen, choosePin, type Resolved, resolveRun } from '@/lib/workspace'
import { actingAlone } from './holder'
import { type Place, placeOf } from './place'
import type { RunRequest } from './request'

// A request whose environment has its name.
export type SettledRequest = Omit<RunRequest, 'place'> & { place: Place & { userId: string; role: string } }

// What an environment gave a run, for its record.
export type Given = Pick<Resolved, 'pin' | 'arm' | 'skillVersions' | 'skillStates'>

export type Pins = Pick<Resolved, 'environment' | 'modelPin' | 'providerPin'>

export const NOTHING_GIVEN: Given = { pin: null, arm: null, skillVersions: {}, skillStates: {} }

/** As the trace and the first audit row of a run tell it. */
export const givenFacts = ({ pin, arm, skillVersions, skillStates }: Given) => ({
  start: { pinId: pin?.id ?? null, arm, skillVersions, deprecatedSkills: deprecatedIn({ skillVersions, skillStates }) },
  audit: pin === null ? {} : { pin_id: pin.id, pin_revision: pin.revision, ...(arm === null ? {} : { arm }) },
})

const deprecatedIn = ({ skillVersions, skillStates }: Pick<Given, 'skillVersions' | 'skillStates'>): string[] =>
  Object.entries(skillVersions)
    .filter(([name]) => skillStates[name] === 'deprecated')
    .map(([name, version]) => `${name}@${version}`)

/** One row for each skill that is on its way out and ran all the same, because a pin names it. */
export const deprecatedAudits = ({ skillVersions, skillStates }: Given) =>
  Object.entries(skillVersions)
    .filter(([name]) => skillStates[name] === 'deprecated')
    .map(([name, version]) => ({ event: 'skill_deprecated_used' as const, data: { name, version } }))

export const givenBy = ({ pin, arm, skillVersions, skillStates }: Resolved): Given => ({
  ...{ pin, arm, skillVersions, skillStates },
})

/** Where a request runs and what it is given there. An evaluation names the version that it is about, all of it. */
export const settle = async (
  scope: Scope,
  request: RunRequest,
  versionHash?: string,
): Promise<{ request: SettledRequest; resolved: Resolved }> => {
  const { workspaceId, environment, userId, sessionKey } = request.place
  const wish = { workspaceId, environment, userId, sessionKey, ...(versionHash === undefined ? {} : { versionHash }) }
  const resolved = await resolveRun(scope, wish)
  return { resolved, request: { ...request, place: { ...request.place, environment: resolved.environment } } }
}

export type Alone = { place: Place; chosen: Chosen }

/** The same for a call without an agent: it has no use of files, but of pins and policies. */
export const settleAlone = async (
  scope: Scope,
  asked: { user_id?: string | undefined; environment?: string | undefined },
): Promise<Alone> => {
  const userId = await actingAlone(scope, asked.user_id)
  const wished = placeOf(scope, { userId, role: null, sessionKey: null }, { environment: asked.environment })
  const chosen = await choosePin(scope, wished)
  return { chosen, place: { ...wished, environment: chosen.environment } }
}

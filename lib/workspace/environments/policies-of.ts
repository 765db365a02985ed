import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { type FiledPolicies, NO_FILED_POLICIES } from '@/lib/governance'
import { WorkspaceId } from '@/lib/shared/id'
import { isProblem, Problem } from '@/lib/shared/problem'
import { folderPolicies, refuseOutside } from '../load-bundle'
import { loadSnapshot } from '../load-snapshot'
import { DEFAULT_WORKSPACE, placeOf } from '../place'
import { type Chosen, choosePin, environmentOf, type PlaceWish } from './choose-pin'

const unreadable = (environment: string, hash: string, cause?: unknown): Problem =>
  new Problem(
    'policy_unavailable',
    `The version that ${environment} is pinned to cannot be loaded, so nothing is permitted.`,
    { environment, version_hash: hash.slice(0, 16) },
    cause === undefined ? {} : { cause },
  )

const pinnedPolicies = async (scope: Scope, workspaceId: string, environment: string, hash: string) => {
  const wanted = { hash, workspaceId, isBootComplete: true, skills: undefined }
  const found = await loadSnapshot(scope, wanted).catch((cause: unknown) => {
    throw unreadable(environment, hash, cause)
  })
  if (found === null) throw unreadable(environment, hash)
  const root = placeOf(kernel().env, scope.tenantId, workspaceId)?.path ?? null
  return { ...found.policies, root }
}

const unknown = (error: unknown): null => {
  if (isProblem(error) && error.code === 'not_found') return null
  throw error
}

export type PolicyPlace = Omit<PlaceWish, 'workspaceId'>

/** The policies in the files of a workspace, as what was chosen for one place names them. */
export const policiesFor = (scope: Scope, workspaceId: string, chosen: Pick<Chosen, 'environment' | 'versionHash'>) =>
  chosen.versionHash === null
    ? folderPolicies(scope, workspaceId)
    : pinnedPolicies(scope, workspaceId, chosen.environment, chosen.versionHash)

/**
 * The policies in the files of a workspace, for `decide`: those of the version that is pinned there, else those of its
 * folder. Agents that run elsewhere may work in workspaces that have neither folder nor row here; those have no files.
 * An environment that the workspace does not know has the policies of its default one: a name made up opens nothing.
 */
export const policiesOf = async (
  scope: Scope,
  workspaceId: string,
  place: PolicyPlace = {},
): Promise<FiledPolicies> => {
  if (!WorkspaceId.safeParse(workspaceId).success) return NO_FILED_POLICIES
  refuseOutside(scope, workspaceId)
  const asked = await choosePin(scope, { ...place, workspaceId }).catch(unknown)
  return policiesFor(
    scope,
    workspaceId,
    asked ?? (await choosePin(scope, { ...place, workspaceId, environment: null })),
  )
}

/** The same for the workspace that a request names, or for the one of whoever names none. */
export const filesFor = (
  scope: Scope,
  asked: { workspace_id?: string | undefined; environment?: string | undefined },
): Promise<FiledPolicies> =>
  policiesOf(scope, asked.workspace_id ?? scope.workspaceId ?? DEFAULT_WORKSPACE, { environment: asked.environment })

type Asked = { workspace_id?: string | undefined; environment?: string | undefined }

/** A question that names no environment is one of the workspace's default environment. */
export const inEnvironment = async <T extends Asked>(scope: Scope, asked: T): Promise<T & { environment: string }> => {
  const workspaceId = asked.workspace_id ?? scope.workspaceId ?? DEFAULT_WORKSPACE
  return { ...asked, environment: asked.environment ?? (await environmentOf(scope, workspaceId)) }
}

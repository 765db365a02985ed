import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { type FiledPolicies, NO_FILED_POLICIES } from '@/lib/governance'
import { WorkspaceId } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import type { FileSkill, SkillHttpTool } from '@/lib/skills'
import { isBootComplete } from './boot-state'
import { type FolderBundle, makeBundle } from './folder-bundle'
import { currentBundle, folderBundle } from './folder-cache'
import { DEFAULT_WORKSPACE, type Place, placeOf } from './place'
import { EMPTY_READ } from './read-folder'
import type { SkillFiles } from './skill-files'
import { findWorkspace } from './store'
import type { ActiveHours, DeclaredRisk } from './workspace-config'

export type Bundle = {
  workspaceId: string
  hash: string
  skills: readonly FileSkill[]
  toolGrants: readonly string[]
  httpTools: readonly SkillHttpTool[]
  // Null where the prompt holds all there is to read.
  skillFiles: SkillFiles | null
  heartbeatIsEmpty: boolean
  activeHours?: ActiveHours
  declaredRisk: DeclaredRisk
  isBootComplete: boolean
  policies: FiledPolicies
  warnings: readonly string[]
  // As configured, for people; null where the workspace has no folder.
  shownPath: string | null
  folder: FolderBundle
}

export type Home = { workspaceId: string; place: Place | null }

export const refuseOutside = (scope: Scope, id: string): void => {
  const { workspaceIds } = scope.identity
  if (workspaceIds === null || workspaceIds.includes(id)) return
  throw new Problem('workspace_access_denied', undefined, { workspace_id: id })
}

// A workspace is known by its folder or by its row. `default` exists in every tenant.
export const homeOf = async (scope: Scope, workspaceId: string | undefined): Promise<Home> => {
  const id = workspaceId ?? DEFAULT_WORKSPACE
  if (!WorkspaceId.safeParse(id).success) return missing('workspace')
  refuseOutside(scope, id)
  const place = placeOf(kernel().env, scope.tenantId, id)
  if (place === null && (await findWorkspace(scope.db, id)) === null) return missing('workspace', id)
  return { workspaceId: id, place }
}

// A workspace that has a row and no folder holds nothing; it never borrows the files of another.
const nothing = (): FolderBundle => kernel().slot('workspace.nothing', () => makeBundle(EMPTY_READ))

const contentOf = async (place: Place | null): Promise<FolderBundle> =>
  place === null ? nothing() : (currentBundle(place) ?? (await folderBundle(place)))

// By the folder and the settings alone: tools that change from run to run would cost the provider's cache of the prompt.
export const worthReading = ({ skills, skillFiles, listsSkills }: FolderBundle): SkillFiles | null => {
  const isSmart = kernel().env.CLASPER_SMART_CONTEXT && skills.some(({ isVisible }) => isVisible)
  return isSmart || listsSkills || skillFiles.hasMore ? skillFiles : null
}

export const presentBundle = (home: Home, folder: FolderBundle, isComplete: boolean): Bundle => ({
  workspaceId: home.workspaceId,
  hash: folder.hash,
  skills: folder.skills,
  toolGrants: folder.toolGrants,
  httpTools: folder.httpTools,
  skillFiles: worthReading(folder),
  heartbeatIsEmpty: folder.heartbeatIsEmpty,
  ...(folder.activeHours ? { activeHours: folder.activeHours } : {}),
  declaredRisk: folder.declaredRisk,
  isBootComplete: isComplete,
  policies: { ...folder.policies, root: home.place?.path ?? null },
  warnings: folder.warnings,
  shownPath: home.place?.shown ?? null,
  folder,
})

export const bundleOf = async (scope: Scope, home: Home, folder?: FolderBundle): Promise<Bundle> => {
  const { allowedSkills } = scope.identity
  const whole = folder ?? (await contentOf(home.place))
  const content = allowedSkills === undefined ? whole : whole.narrow(allowedSkills)
  return presentBundle(home, content, await isBootComplete(scope, home.workspaceId, content))
}

/** The files of a workspace as they are now. Whoever may not enter it gets 403, whoever names none that exists 404. */
export const loadBundle = async (scope: Scope, workspaceId?: string): Promise<Bundle> =>
  bundleOf(scope, await homeOf(scope, workspaceId))

/** The policies in the folder of a workspace as it is now. */
export const folderPolicies = async (scope: Scope, workspaceId: string): Promise<FiledPolicies> => {
  const place = placeOf(kernel().env, scope.tenantId, workspaceId)
  if (place === null) return NO_FILED_POLICIES
  return { ...(await contentOf(place)).policies, root: place.path }
}

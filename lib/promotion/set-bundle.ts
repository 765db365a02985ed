import type { Scope } from '@/lib/core/scope'
import { type Bundle, loadSnapshot, type PinSet, skillsOfRun, wishedSkills } from '@/lib/workspace'

// A version with the skills of the registry that come with it: what a run under this set is made of.
export type SetBundle = {
  bundle: Bundle
  wanted: Readonly<Record<string, string>>
  skillVersions: Readonly<Record<string, string>>
  notes: readonly string[]
}

/** Null where the version is not kept whole. */
export const setBundle = async (scope: Scope, workspaceId: string, set: PinSet): Promise<SetBundle | null> => {
  const wish = { hash: set.versionHash, workspaceId, isBootComplete: true, skills: undefined }
  const bundle = await loadSnapshot(scope, wish)
  if (bundle === null) return null
  const isPinned = Object.keys(set.skillPins).length > 0
  const { wanted, notes } = isPinned ? { wanted: set.skillPins, notes: [] } : wishedSkills(bundle.folder)
  const skilled = await skillsOfRun(scope, bundle, set.skillPins)
  return { bundle: skilled.bundle, wanted, skillVersions: skilled.skillVersions, notes }
}

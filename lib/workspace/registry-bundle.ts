import type { Scope } from '@/lib/core/scope'
import { REGISTRY_FILE, readRegistryFile, registrySkillsFor } from '@/lib/skills'
import type { Bundle } from './load-bundle'
import { withSkills } from './with-skills'

/**
 * The bundle with what it takes from the registry: what a pin names, and where no pin names any, what the workspace
 * itself asks for.
 */
export const registryBundle = async (
  scope: Scope,
  bundle: Bundle,
  pins: Readonly<Record<string, string>> | null,
): Promise<Bundle> => {
  const isPinned = pins !== null && Object.keys(pins).length > 0
  const { wanted, notes } = isPinned
    ? { wanted: pins, notes: [] }
    : readRegistryFile(bundle.folder.texts.get(REGISTRY_FILE))
  const found = await registrySkillsFor(scope, wanted, { isPinned })
  return withSkills(bundle, { skills: found.skills, notes: [...notes, ...found.notes] })
}

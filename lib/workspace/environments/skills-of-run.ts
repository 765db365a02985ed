import type { Scope } from '@/lib/core/scope'
import { type RegistrySkills, registrySkillsFor } from '@/lib/skills'
import { CONFIG_FILE } from '../file-kind'
import type { Bundle } from '../load-bundle'
import { withSkills } from '../with-skills'
import { readConfig } from '../workspace-config'
import { wishedSkills } from './registry-file'

export type Skilled = {
  bundle: Bundle
  skillVersions: RegistrySkills['versions']
  skillStates: RegistrySkills['states']
}

type Versions = Readonly<Record<string, string>>

const NONE: Omit<Skilled, 'bundle'> = { skillVersions: {}, skillStates: {} }

/** These versions and no others, as a pin names them: one that was deprecated since still runs. */
export const withPinnedSkills = async (scope: Scope, bundle: Bundle, versions: Versions): Promise<Skilled> => {
  if (Object.keys(versions).length === 0) return { bundle, ...NONE }
  const { hasKey: hasConfig } = readConfig(bundle.folder.texts.get(CONFIG_FILE))
  const found = await registrySkillsFor(scope, versions, { isPinned: true, hasConfig })
  return { bundle: withSkills(bundle, found), skillVersions: found.versions, skillStates: found.states }
}

const withWishedSkills = async (scope: Scope, bundle: Bundle): Promise<Skilled> => {
  const { wanted, notes } = wishedSkills(bundle.folder)
  if (Object.keys(wanted).length === 0 && notes.length === 0) return { bundle, ...NONE }
  const { hasKey: hasConfig } = readConfig(bundle.folder.texts.get(CONFIG_FILE))
  const found = await registrySkillsFor(scope, wanted, { hasConfig })
  const skilled = withSkills(bundle, { skills: found.skills, notes: [...notes, ...found.notes] })
  return { bundle: skilled, skillVersions: found.versions, skillStates: found.states }
}

/** The skills of the registry that a run carries: those that its pin names, else those that the workspace itself names. */
export const skillsOfRun = (scope: Scope, bundle: Bundle, pinned: Versions): Promise<Skilled> =>
  Object.keys(pinned).length > 0 ? withPinnedSkills(scope, bundle, pinned) : withWishedSkills(scope, bundle)

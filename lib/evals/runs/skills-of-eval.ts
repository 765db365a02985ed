import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { type FileSkill, registrySkillsFor } from '@/lib/skills'
import type { RunRow } from './store'

/** The skill that an evaluation is about, in whatever state it is. */
export const skillsOfEval = async (
  scope: Scope,
  { skillName, skillVersion }: Pick<RunRow, 'skillName' | 'skillVersion'>,
): Promise<readonly FileSkill[]> => {
  if (skillName === null) return []
  const version = skillVersion ?? 'latest'
  const { skills } = await registrySkillsFor(scope, { [skillName]: version }, { isPinned: true })
  return skills.some(({ name, isVisible }) => name === skillName && isVisible)
    ? skills
    : missing('skill version', `${skillName}@${version}`)
}

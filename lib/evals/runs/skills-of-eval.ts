import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { type FileSkill, isSkillState, loadManifest, registrySkill, requireSkill, thisHost } from '@/lib/skills'
import type { RunRow } from './store'

/** The skill that an evaluation is about, in whatever state it is: it is measured before it is let loose. */
export const skillsOfEval = async (
  scope: Scope,
  { skillName, skillVersion }: Pick<RunRow, 'skillName' | 'skillVersion'>,
): Promise<readonly FileSkill[]> => {
  if (skillName === null) return []
  const { allowedSkills } = scope.identity
  if (allowedSkills !== undefined && !allowedSkills.includes(skillName)) return missing('skill', skillName)
  const row = await requireSkill(scope, skillName, skillVersion ?? undefined)
  const manifest = await loadManifest(scope, row)
  if (typeof manifest === 'string') throw new Problem('config_error', `The skill cannot be evaluated: ${manifest}.`)
  const state = isSkillState(row.state) ? row.state : 'draft'
  const about = { manifest, contentHash: row.contentHash, state }
  return [
    registrySkill(
      about,
      thisHost(() => false),
      null,
    ),
  ]
}

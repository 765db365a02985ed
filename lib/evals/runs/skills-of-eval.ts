import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { type FileSkill, isSkillState, registrySkill, requireSkill, thisHost } from '@/lib/skills'
import type { RunRow } from './store'
import { trialManifest } from './trial-manifest'

/** The skill that an evaluation is about, in whatever state it is: it is measured before it is let loose. */
export const skillsOfEval = async (
  scope: Scope,
  { skillName, skillVersion }: Pick<RunRow, 'skillName' | 'skillVersion'>,
): Promise<readonly FileSkill[]> => {
  if (skillName === null) return []
  const { allowedSkills } = scope.identity
  if (allowedSkills !== undefined && !allowedSkills.includes(skillName)) return missing('skill', skillName)
  const row = await requireSkill(scope, skillName, skillVersion ?? undefined)
  const manifest = await trialManifest(scope, row, 'evaluated')
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

import type { Scope } from '@/lib/core/scope'
import { presentSkills } from '@/lib/skills'
import type { SkillList } from '@/lib/skills/contract'
import { loadBundle } from './load-bundle'

export const listSkills = async (scope: Scope): Promise<SkillList> =>
  presentSkills((await loadBundle(scope, scope.workspaceId)).skills)

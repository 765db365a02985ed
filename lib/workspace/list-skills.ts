import type { Scope } from '@/lib/core/scope'
import { presentSkills } from '@/lib/skills'
import type { SkillList } from '@/lib/skills/contract'
import { resolveRun } from './environments/resolve-run'

export const listSkills = async (
  scope: Scope,
  { environment }: { environment?: string | undefined } = {},
): Promise<SkillList> =>
  presentSkills((await resolveRun(scope, { workspaceId: scope.workspaceId, environment })).bundle.skills)

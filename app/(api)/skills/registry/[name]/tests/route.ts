import { listSkillTests as list } from '@/lib/evals'
import { route } from '@/lib/http/route'
import { listSkillTests } from '@/lib/skills/contract'

export const GET = route(listSkillTests, (scope, { params, query }) => list(scope, params.name, query))

import { listSkillTests } from '@/lib/evals'
import { route } from '@/lib/http/route'
import { opsListSkillTests } from '@/lib/skills/contract'

export const GET = route(opsListSkillTests, (scope, { params, query }) => listSkillTests(scope, params.name, query))

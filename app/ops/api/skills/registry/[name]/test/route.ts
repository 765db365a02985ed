import { testSkill } from '@/lib/evals'
import { route } from '@/lib/http/route'
import { opsTestSkill } from '@/lib/skills/contract'

export const POST = route(opsTestSkill, (scope, { params, query, body }) =>
  testSkill(scope, params.name, query.version, body),
)

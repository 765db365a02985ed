import { testSkill as test } from '@/lib/evals'
import { route } from '@/lib/http/route'
import { testSkill } from '@/lib/skills/contract'

export const POST = route(testSkill, (scope, { params, query, body }) => test(scope, params.name, query.version, body))

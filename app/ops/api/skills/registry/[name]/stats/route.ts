import { route } from '@/lib/http/route'
import { skillStats } from '@/lib/skills'
import { opsSkillStats } from '@/lib/skills/contract'

export const GET = route(opsSkillStats, (scope, { params, query }) => skillStats(scope, params.name, query.days))

import { route } from '@/lib/http/route'
import { skillStats as stats } from '@/lib/skills'
import { skillStats } from '@/lib/skills/contract'

export const GET = route(skillStats, (scope, { params, query }) => stats(scope, params.name, query.days))

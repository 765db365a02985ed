import { route } from '@/lib/http/route'
import { listSkills } from '@/lib/skills/contract'
import { listSkills as list } from '@/lib/workspace'

export const GET = route(listSkills, (scope, { query }) => list(scope, query))

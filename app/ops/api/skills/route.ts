import { route } from '@/lib/http/route'
import { opsListSkills } from '@/lib/skills/contract'
import { listSkills as list } from '@/lib/workspace'

export const GET = route(opsListSkills, (scope, { query }) => list(scope, query))

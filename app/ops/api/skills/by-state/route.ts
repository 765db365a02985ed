import { route } from '@/lib/http/route'
import { skillsByState } from '@/lib/skills'
import { opsSkillsByState } from '@/lib/skills/contract'

export const GET = route(opsSkillsByState, (scope, { query }) => skillsByState(scope, query))

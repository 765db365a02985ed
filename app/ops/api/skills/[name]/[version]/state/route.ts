import { route } from '@/lib/http/route'
import { skillState } from '@/lib/skills'
import { opsSkillState } from '@/lib/skills/contract'

export const GET = route(opsSkillState, (scope, { params }) => skillState(scope, params.name, params.version))

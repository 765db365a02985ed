import { route } from '@/lib/http/route'
import { promoteSkill as promote } from '@/lib/skills'
import { promoteSkill } from '@/lib/skills/contract'

export const POST = route(promoteSkill, (scope, { params, body }) => promote(scope, params.name, params.version, body))

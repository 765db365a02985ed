import { route } from '@/lib/http/route'
import { promoteSkill } from '@/lib/skills'
import { opsPromoteSkill } from '@/lib/skills/contract'

export const POST = route(opsPromoteSkill, (scope, { params, body }) =>
  promoteSkill(scope, params.name, params.version, body),
)

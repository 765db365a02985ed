import { route } from '@/lib/http/route'
import { publishSkill } from '@/lib/skills'
import { opsPublishSkill } from '@/lib/skills/contract'

export const POST = route(opsPublishSkill, (scope, { body, query }) => publishSkill(scope, body, query))

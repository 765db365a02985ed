import { route } from '@/lib/http/route'
import { publishSkill as publish } from '@/lib/skills'
import { publishSkill } from '@/lib/skills/contract'

export const POST = route(publishSkill, (scope, { body, query }) => publish(scope, body, query))

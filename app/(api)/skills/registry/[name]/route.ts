import { route } from '@/lib/http/route'
import { getSkill } from '@/lib/skills'
import { getRegistrySkill } from '@/lib/skills/contract'

export const GET = route(getRegistrySkill, (scope, { params, query }) => getSkill(scope, params.name, query.version))

import { route } from '@/lib/http/route'
import { getSkill } from '@/lib/skills'
import { opsGetRegistrySkill } from '@/lib/skills/contract'

export const GET = route(opsGetRegistrySkill, (scope, { params, query }) => getSkill(scope, params.name, query.version))

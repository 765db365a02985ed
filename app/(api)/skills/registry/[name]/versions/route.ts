import { route } from '@/lib/http/route'
import { listVersions } from '@/lib/skills'
import { listSkillVersions } from '@/lib/skills/contract'

export const GET = route(listSkillVersions, (scope, { params }) => listVersions(scope, params.name))

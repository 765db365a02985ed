import { route } from '@/lib/http/route'
import { listVersions } from '@/lib/skills'
import { opsListSkillVersions } from '@/lib/skills/contract'

export const GET = route(opsListSkillVersions, (scope, { params }) => listVersions(scope, params.name))

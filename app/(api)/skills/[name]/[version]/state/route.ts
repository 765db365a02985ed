import { route } from '@/lib/http/route'
import { skillState as state } from '@/lib/skills'
import { skillState } from '@/lib/skills/contract'

export const GET = route(skillState, (scope, { params }) => state(scope, params.name, params.version))

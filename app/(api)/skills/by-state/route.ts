import { route } from '@/lib/http/route'
import { skillsByState as byState } from '@/lib/skills'
import { skillsByState } from '@/lib/skills/contract'

export const GET = route(skillsByState, (scope, { query }) => byState(scope, query))

import { route } from '@/lib/http/route'
import { completeBoot as complete } from '@/lib/workspace'
import { completeBoot } from '@/lib/workspace/contract'

export const POST = route(completeBoot, (scope) => complete(scope))

import { route } from '@/lib/http/route'
import { showBoot as show } from '@/lib/workspace'
import { showBoot } from '@/lib/workspace/contract'

export const GET = route(showBoot, (scope) => show(scope))

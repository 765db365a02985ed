import { route } from '@/lib/http/route'
import { showBoot as show } from '@/lib/workspace'
import { opsShowBoot } from '@/lib/workspace/contract'

export const GET = route(opsShowBoot, (scope) => show(scope))

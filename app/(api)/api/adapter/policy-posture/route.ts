import { showPosture } from '@/lib/adapters'
import { adapterPolicyPosture } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(adapterPolicyPosture, (scope) => showPosture(scope))

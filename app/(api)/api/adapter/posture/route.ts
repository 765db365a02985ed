import { showPosture } from '@/lib/adapters'
import { adapterPosture } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(adapterPosture, (scope) => showPosture(scope))

import { showPolicies } from '@/lib/adapters'
import { adapterPolicies } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(adapterPolicies, (scope) => showPolicies(scope))

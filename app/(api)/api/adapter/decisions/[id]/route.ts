import { getAdapterDecision } from '@/lib/adapters'
import { getAdapterDecision as getAdapterDecisionContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(getAdapterDecisionContract, (scope, { params }) => getAdapterDecision(scope, params.id))

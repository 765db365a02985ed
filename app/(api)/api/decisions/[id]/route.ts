import { showOwnDecision } from '@/lib/adapters'
import { getAdapterDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(getAdapterDecision, (scope, { params }) => showOwnDecision(scope, params.id))

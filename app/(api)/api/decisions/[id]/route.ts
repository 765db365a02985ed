import { decisionForAdapter } from '@/lib/governance'
import { getAdapterDecision } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(getAdapterDecision, (scope, { params }) => decisionForAdapter(scope, params.id))

import { explainAdapterDecision } from '@/lib/adapters'
import { explainAdapterDecision as explainAdapterDecisionContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(explainAdapterDecisionContract, (scope, { params }) =>
  explainAdapterDecision(scope, params.id),
)

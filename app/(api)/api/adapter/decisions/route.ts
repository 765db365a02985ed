import { listAdapterDecisions } from '@/lib/adapters'
import { listAdapterDecisions as listAdapterDecisionsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(listAdapterDecisionsContract, (scope, { query }) => listAdapterDecisions(scope, query))

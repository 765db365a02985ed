import { ingestCost } from '@/lib/adapters'
import { ingestCost as ingestCostContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(ingestCostContract, (scope, { body }) => ingestCost(scope, body))

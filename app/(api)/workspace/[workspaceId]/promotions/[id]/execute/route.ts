import { route } from '@/lib/http/route'
import { executePromotion } from '@/lib/promotion'
import { executePromotion as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { params, body }) =>
  executePromotion(scope, params.workspaceId, params.id, body),
)

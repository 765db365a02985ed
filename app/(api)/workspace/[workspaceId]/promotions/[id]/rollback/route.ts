import { route } from '@/lib/http/route'
import { rollbackPromotion } from '@/lib/promotion'
import { rollbackPromotion as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { params, body }) =>
  rollbackPromotion(scope, params.workspaceId, params.id, body),
)

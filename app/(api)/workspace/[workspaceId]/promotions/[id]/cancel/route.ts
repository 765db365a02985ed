import { route } from '@/lib/http/route'
import { cancelPromotion } from '@/lib/promotion'
import { cancelPromotion as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { params, body }) =>
  cancelPromotion(scope, params.workspaceId, params.id, body),
)

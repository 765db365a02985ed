import { route } from '@/lib/http/route'
import { cancelPromotion } from '@/lib/promotion'
import { opsCancelPromotion } from '@/lib/promotion/contract'

export const POST = route(opsCancelPromotion, (scope, { params, body }) =>
  cancelPromotion(scope, params.workspaceId, params.id, body),
)

import { route } from '@/lib/http/route'
import { checkPromotion } from '@/lib/promotion'
import { opsCheckPromotion } from '@/lib/promotion/contract'

export const POST = route(opsCheckPromotion, (scope, { params, body }) =>
  checkPromotion(scope, params.workspaceId, body),
)

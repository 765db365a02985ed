import { route } from '@/lib/http/route'
import { approvePromotion } from '@/lib/promotion'
import { opsApprovePromotion } from '@/lib/promotion/contract'

export const POST = route(opsApprovePromotion, (scope, { params, body }) =>
  approvePromotion(scope, params.workspaceId, params.id, body),
)

import { route } from '@/lib/http/route'
import { recheckPromotion } from '@/lib/promotion'
import { opsRecheckPromotion } from '@/lib/promotion/contract'

export const POST = route(opsRecheckPromotion, (scope, { params }) =>
  recheckPromotion(scope, params.workspaceId, params.id),
)

import { route } from '@/lib/http/route'
import { executePromotion } from '@/lib/promotion'
import { opsExecutePromotion } from '@/lib/promotion/contract'

export const POST = route(opsExecutePromotion, (scope, { params, body }) =>
  executePromotion(scope, params.workspaceId, params.id, body),
)

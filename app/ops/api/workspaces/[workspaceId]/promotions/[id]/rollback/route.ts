import { route } from '@/lib/http/route'
import { rollbackPromotion } from '@/lib/promotion'
import { opsRollbackPromotion } from '@/lib/promotion/contract'

export const POST = route(opsRollbackPromotion, (scope, { params, body }) =>
  rollbackPromotion(scope, params.workspaceId, params.id, body),
)

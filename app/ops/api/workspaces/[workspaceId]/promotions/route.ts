import { route } from '@/lib/http/route'
import { createPromotion, listPromotions } from '@/lib/promotion'
import { opsCreatePromotion, opsListPromotions } from '@/lib/promotion/contract'

export const GET = route(opsListPromotions, (scope, { params, query }) =>
  listPromotions(scope, params.workspaceId, query),
)

export const POST = route(opsCreatePromotion, (scope, { params, body }) =>
  createPromotion(scope, params.workspaceId, body),
)

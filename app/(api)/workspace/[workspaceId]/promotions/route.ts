import { route } from '@/lib/http/route'
import { createPromotion, listPromotions } from '@/lib/promotion'
import { createPromotion as creating, listPromotions as listing } from '@/lib/promotion/contract'

export const GET = route(listing, (scope, { params, query }) => listPromotions(scope, params.workspaceId, query))

export const POST = route(creating, (scope, { params, body }) => createPromotion(scope, params.workspaceId, body))

import { route } from '@/lib/http/route'
import { checkPromotion } from '@/lib/promotion'
import { checkPromotion as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { params, body }) => checkPromotion(scope, params.workspaceId, body))

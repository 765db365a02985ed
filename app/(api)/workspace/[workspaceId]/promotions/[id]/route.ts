import { route } from '@/lib/http/route'
import { getPromotion } from '@/lib/promotion'
import { getPromotion as contract } from '@/lib/promotion/contract'

export const GET = route(contract, (scope, { params }) => getPromotion(scope, params.workspaceId, params.id))

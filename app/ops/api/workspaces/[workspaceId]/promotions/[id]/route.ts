import { route } from '@/lib/http/route'
import { getPromotion } from '@/lib/promotion'
import { opsGetPromotion } from '@/lib/promotion/contract'

export const GET = route(opsGetPromotion, (scope, { params }) => getPromotion(scope, params.workspaceId, params.id))

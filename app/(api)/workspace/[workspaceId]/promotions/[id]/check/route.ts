import { route } from '@/lib/http/route'
import { recheckPromotion } from '@/lib/promotion'
import { recheckPromotion as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { params }) => recheckPromotion(scope, params.workspaceId, params.id))

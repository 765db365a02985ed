import { route } from '@/lib/http/route'
import { listAllPromotions } from '@/lib/promotion'
import { opsListAllPromotions } from '@/lib/promotion/contract'

export const GET = route(opsListAllPromotions, (scope, { query }) => listAllPromotions(scope, query))

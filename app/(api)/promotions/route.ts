import { route } from '@/lib/http/route'
import { listAllPromotions } from '@/lib/promotion'
import { listAllPromotions as contract } from '@/lib/promotion/contract'

export const GET = route(contract, (scope, { query }) => listAllPromotions(scope, query))

import { route } from '@/lib/http/route'
import { burnDown } from '@/lib/insights'
import { opsBurnDown } from '@/lib/insights/contract'

export const GET = route(opsBurnDown, (scope, { query }) => burnDown(scope, query))

import { route } from '@/lib/http/route'
import { burnDown as act } from '@/lib/insights'
import { burnDown } from '@/lib/insights/contract'

export const GET = route(burnDown, (scope, { query }) => act(scope, query))

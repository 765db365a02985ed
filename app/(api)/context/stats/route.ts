import { route } from '@/lib/http/route'
import { contextStats as stats } from '@/lib/workspace'
import { contextStats } from '@/lib/workspace/contract'

export const GET = route(contextStats, (scope) => stats(scope))

import { route } from '@/lib/http/route'
import { dbStats } from '@/lib/jobs'
import { getDbStats } from '@/lib/jobs/contract'

export const GET = route(getDbStats, (scope) => dbStats(scope))

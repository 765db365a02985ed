import { route } from '@/lib/http/route'
import { overview } from '@/lib/jobs'
import { opsOverview } from '@/lib/jobs/contract'

export const GET = route(opsOverview, (scope, { query }) => overview(scope, query))

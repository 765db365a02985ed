import { route } from '@/lib/http/route'
import { retentionStats as act, namesTenant } from '@/lib/retention'
import { opsRetentionStats } from '@/lib/retention/contract'

export const GET = route(opsRetentionStats, (scope, { query, request }) =>
  act(scope, namesTenant(query, request.headers)),
)

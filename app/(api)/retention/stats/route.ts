import { route } from '@/lib/http/route'
import { retentionStats as act, namesTenant } from '@/lib/retention'
import { retentionStats } from '@/lib/retention/contract'

export const GET = route(retentionStats, (scope, { query, request }) => act(scope, namesTenant(query, request.headers)))

import { auditStats as stats } from '@/lib/governance'
import { auditStats } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(auditStats, (scope, { query }) => stats(scope, query))

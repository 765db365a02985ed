import { auditStats as stats } from '@/lib/governance'
import { opsAuditStats } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditStats, (scope, { query }) => stats(scope, query))

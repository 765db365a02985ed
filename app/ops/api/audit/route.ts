import { listAudit as list } from '@/lib/governance'
import { opsListAudit } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsListAudit, (scope, { query }) => list(scope, query))

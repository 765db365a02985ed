import { listAudit as list } from '@/lib/governance'
import { listAudit } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(listAudit, (scope, { query }) => list(scope, query))

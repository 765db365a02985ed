import { ingestAudit } from '@/lib/adapters'
import { ingestAudit as ingestAuditContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(ingestAuditContract, (scope, { body }) => ingestAudit(scope, body))

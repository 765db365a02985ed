import { auditEntry as entry } from '@/lib/governance'
import { opsAuditEntry } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditEntry, (scope, { params }) => entry(scope, params.seq))

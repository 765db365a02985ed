import { verifyAudit } from '@/lib/governance'
import { opsAuditVerify } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsAuditVerify, (scope) => verifyAudit(scope))

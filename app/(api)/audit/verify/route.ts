import { verifyAudit } from '@/lib/governance'
import { auditVerify } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(auditVerify, (scope) => verifyAudit(scope))

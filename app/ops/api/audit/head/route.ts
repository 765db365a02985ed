import { auditHead as head } from '@/lib/governance'
import { opsAuditHead } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditHead, (scope) => head(scope))

import { auditHead as head } from '@/lib/governance'
import { auditHead } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(auditHead, (scope) => head(scope))

import { whoCould } from '@/lib/governance'
import { opsAuditWho } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditWho, (scope, { params }) => whoCould(scope, params.seq))

import { proveConsistency } from '@/lib/governance'
import { opsAuditConsistency } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditConsistency, (scope, { query }) =>
  proveConsistency(scope, query.from_size, query.to_size),
)

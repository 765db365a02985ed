import { proveConsistency } from '@/lib/governance'
import { auditConsistency } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(auditConsistency, (scope, { query }) =>
  proveConsistency(scope, query.from_size, query.to_size),
)

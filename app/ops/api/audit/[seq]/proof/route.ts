import { proveInclusion } from '@/lib/governance'
import { opsAuditInclusion } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditInclusion, (scope, { params, query }) =>
  proveInclusion(scope, params.seq, query.tree_size),
)

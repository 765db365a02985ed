import { proveInclusion } from '@/lib/governance'
import { auditInclusion } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(auditInclusion, (scope, { params, query }) =>
  proveInclusion(scope, params.seq, query.tree_size),
)

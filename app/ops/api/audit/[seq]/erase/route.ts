import { erasePayload } from '@/lib/governance'
import { opsErasePayload } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsErasePayload, (scope, { params, body }) =>
  erasePayload(scope, params.seq, body.justification),
)

import { acknowledgeReceipt } from '@/lib/governance'
import { opsAcknowledgeReceipt } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsAcknowledgeReceipt, (scope, { params, body }) =>
  acknowledgeReceipt(scope, params.id, body),
)

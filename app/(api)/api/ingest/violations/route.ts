import { ingestViolations } from '@/lib/adapters'
import { ingestViolations as ingestViolationsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(ingestViolationsContract, (scope, { body }) => ingestViolations(scope, body))

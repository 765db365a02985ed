import { ingestTrace } from '@/lib/adapters'
import { ingestTrace as ingestTraceContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(ingestTraceContract, (scope, { body }) => ingestTrace(scope, body))

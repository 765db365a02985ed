import { route } from '@/lib/http/route'
import { labelTrace } from '@/lib/tracing'
import { opsLabelTrace } from '@/lib/tracing/contract'

export const POST = route(opsLabelTrace, (scope, { params, query, body }) =>
  labelTrace(scope, params.id, body.labels, query.mode),
)

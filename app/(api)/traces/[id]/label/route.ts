import { route } from '@/lib/http/route'
import { labelTrace as act } from '@/lib/tracing'
import { labelTrace } from '@/lib/tracing/contract'

export const POST = route(labelTrace, (scope, { params, query, body }) =>
  act(scope, params.id, body.labels, query.mode),
)

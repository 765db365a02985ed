import { route } from '@/lib/http/route'
import { getTrace as act } from '@/lib/tracing'
import { getTrace } from '@/lib/tracing/contract'

export const GET = route(getTrace, (scope, { params, query }) => act(scope, params.id, query))

import { route } from '@/lib/http/route'
import { getTrace as act } from '@/lib/tracing'
import { opsGetTrace } from '@/lib/tracing/contract'

export const GET = route(opsGetTrace, (scope, { params }) => act(scope, params.id))

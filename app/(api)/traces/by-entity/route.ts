import { route } from '@/lib/http/route'
import { tracesByEntity as act } from '@/lib/tracing'
import { tracesByEntity } from '@/lib/tracing/contract'

export const GET = route(tracesByEntity, (scope, { query }) => act(scope, query))

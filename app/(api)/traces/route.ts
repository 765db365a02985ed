import { route } from '@/lib/http/route'
import { listTraces as act } from '@/lib/tracing'
import { listTraces } from '@/lib/tracing/contract'

export const GET = route(listTraces, (scope, { query }) => act(scope, query))

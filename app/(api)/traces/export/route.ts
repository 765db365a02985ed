import { route } from '@/lib/http/route'
import { exportTraces as act } from '@/lib/tracing'
import { exportTraces } from '@/lib/tracing/contract'

export const GET = route(exportTraces, (scope, { query }) => act(scope, query))

import { route } from '@/lib/http/route'
import { listSessions as act } from '@/lib/tracing'
import { listSessions } from '@/lib/tracing/contract'

export const GET = route(listSessions, (scope, { query }) => act(scope, query))

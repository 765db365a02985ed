import { route } from '@/lib/http/route'
import { listSessions } from '@/lib/tracing'
import { opsListSessions } from '@/lib/tracing/contract'

export const GET = route(opsListSessions, (scope, { query }) => listSessions(scope, query))

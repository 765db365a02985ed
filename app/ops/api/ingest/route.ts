import { route } from '@/lib/http/route'
import { ingestHealth as act } from '@/lib/tracing'
import { opsIngestHealth } from '@/lib/tracing/contract'

export const GET = route(opsIngestHealth, (scope) => act(scope))

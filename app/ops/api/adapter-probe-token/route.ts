import { probeToken } from '@/lib/adapters'
import { opsProbeToken } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsProbeToken, (scope, { query }) => probeToken(scope, query))

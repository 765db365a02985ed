import { route } from '@/lib/http/route'
import { exportTraces } from '@/lib/tracing'
import { opsExportTraces } from '@/lib/tracing/contract'

export const GET = route(opsExportTraces, (scope, { query }) => exportTraces(scope, query))

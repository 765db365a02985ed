import { putTelemetryKey } from '@/lib/adapters'
import { opsPutTelemetryKey } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsPutTelemetryKey, (scope, { body }) => putTelemetryKey(scope, body))

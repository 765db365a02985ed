import { revokeTelemetryKey } from '@/lib/adapters'
import { opsRevokeTelemetryKey } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsRevokeTelemetryKey, (scope, { body }) => revokeTelemetryKey(scope, body))

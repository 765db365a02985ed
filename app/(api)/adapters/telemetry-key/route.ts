import { putTelemetryKey } from '@/lib/adapters'
import { putTelemetryKey as putTelemetryKeyContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(putTelemetryKeyContract, (scope, { body }) => putTelemetryKey(scope, body))

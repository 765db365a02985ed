import { revokeTelemetryKey } from '@/lib/adapters'
import { revokeTelemetryKey as revokeTelemetryKeyContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(revokeTelemetryKeyContract, (scope, { body }) => revokeTelemetryKey(scope, body))

import type { Log } from '@/lib/core/log'

// What the guards need to know of a request besides the request itself.
export type GuardVisit = {
  requestId: string
  traceId: string
  isTraceWished?: boolean
  correlationId?: string
  clientIp: string
  signal: AbortSignal
  log: Log
  // A stream that asks whether it may go on is no sign of a person at the keyboard.
  isPassive?: boolean
  // From an address that has failed too often: a further failure is not worth a write.
  isFlooding?: boolean
}

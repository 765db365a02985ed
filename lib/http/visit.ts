import type { Clock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Log } from '@/lib/core/log'
import type { Identity } from '@/lib/core/scope'
import { isUuid, uuidv7 } from '@/lib/shared/id'
import { clientAddress } from './client-address'

// What is known of a request before anybody is let in.
export type Visit = {
  requestId: string
  traceId: string
  isTraceWished: boolean
  // What the caller calls this, where that is no id of ours.
  correlationId?: string
  // What a reply that stands for no trace says as its x-trace-id.
  echo?: string
  clientIp: string
  signal: AbortSignal
  clock: Clock
  log: Log
  identity: Identity | null
}

const MAX_CORRELATION = 200
const VISIBLE = /^[\x21-\x7e]{1,200}$/

export const newVisit = (request: Request): Visit => {
  const { clock, log, env } = kernel()
  const now = clock.now().getTime()
  const requestId = uuidv7(now)
  const incoming = request.headers.get('x-trace-id') ?? ''
  const isOurs = incoming === '' || isUuid(incoming)
  return {
    requestId,
    isTraceWished: isUuid(incoming),
    traceId: isUuid(incoming) ? incoming.toLowerCase() : uuidv7(now),
    ...(isOurs ? {} : { correlationId: incoming.slice(0, MAX_CORRELATION) }),
    ...(VISIBLE.test(incoming) && !isOurs ? { echo: incoming } : {}),
    clientIp: clientAddress(request.headers, env.CLASPER_TRUSTED_PROXIES),
    signal: request.signal,
    clock,
    log: log.child({ requestId }),
    identity: null,
  }
}

import {
  breakers,
  type Ended,
  isOutboundError,
  type OutboundError,
  type OutboundReply,
  request,
} from '@/lib/core/http-client'
import { passBreaker } from '@/lib/core/outbound/breaker'

export type Exchange = {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  signal: AbortSignal
  // What fails apart: a tool for each tenant, the contract for all of them, the probe by itself.
  kind: { name: 'contract' | 'tools'; tenantId: string } | { name: 'health' }
}

// `never-sent` is sure that the backend saw nothing; after the other faults it may have acted.
export type Fault = 'never-sent' | 'network' | 'timeout' | 'cancelled' | 'too-large' | 'open'

export type Outcome =
  | { ok: true; status: number; text: string; retryAfter: string | undefined }
  | { ok: false; fault: Fault; cause: unknown }

const MAX_REPLY_BYTES = 4 * 1_048_576

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH'])

const GATEWAY = [502, 503, 504]

// Says that the backend is away, whoever asks. Any other failure may be the work of what one tenant sent.
const isAway = (end: Ended): boolean => ('status' in end ? GATEWAY.includes(end.status) : end.fault === 'network')

const failsOne = (end: Ended): boolean =>
  !isAway(end) && ('status' in end ? end.status >= 500 : end.fault === 'timeout')

const ownBreaker = ({ origin, pathname }: URL, tenantId: string) => `${origin} ${tenantId} ${pathname}`

const codesOf = (error: unknown): string[] => {
  if (!(error instanceof Error)) return []
  const own = 'code' in error ? [String(error.code)] : []
  const parts = error instanceof AggregateError ? error.errors : [error.cause]
  return [...own, ...parts.flatMap(codesOf)]
}

const FAULTS: Partial<Record<OutboundError['fault'], Fault>> = {
  timeout: 'timeout',
  aborted: 'cancelled',
  too_large: 'too-large',
  circuit_open: 'open',
}

const faultOf = (error: unknown): Fault => {
  if (codesOf(error).some((code) => NEVER_SENT.has(code))) return 'never-sent'
  return (isOutboundError(error) && FAULTS[error.fault]) || 'network'
}

const heard = ({ status, text, headers }: OutboundReply): Outcome => ({
  ok: true,
  status,
  text,
  retryAfter: headers['retry-after'],
})

type Sent = Parameters<typeof request>[0] & { url: URL }

const requestContract = async (sent: Sent, tenantId: string): Promise<OutboundReply> => {
  const pass = passBreaker(ownBreaker(sent.url, tenantId))
  try {
    const reply = await request({ ...sent, breaker: sent.url.origin, breaks: isAway })
    if (failsOne(reply)) pass.failed()
    else if (isAway(reply)) pass.released()
    else pass.succeeded()
    return reply
  } catch (error) {
    if (isOutboundError(error) && failsOne(error)) pass.failed()
    else pass.released()
    throw error
  }
}

const ask = (sent: Sent, kind: Exchange['kind']): Promise<OutboundReply> => {
  if (kind.name === 'contract') return requestContract(sent, kind.tenantId)
  const breaker = kind.name === 'tools' ? ownBreaker(sent.url, kind.tenantId) : `${sent.url.origin} health`
  return request({ ...sent, breaker })
}

// One attempt, which never throws. Redirects are not followed.
export const exchange = async ({ kind, ...sent }: Exchange): Promise<Outcome> => {
  const limits = { guard: 'operator', attempts: 1, redirects: 0, maxBytes: MAX_REPLY_BYTES } as const
  try {
    return heard(await ask({ ...sent, ...limits }, kind))
  } catch (error) {
    return { ok: false, fault: faultOf(error), cause: error }
  }
}

export const isResting = ({ origin }: URL): boolean =>
  breakers().some(({ name, state }) => name === origin && state !== 'closed')

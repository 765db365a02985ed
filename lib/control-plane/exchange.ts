import { breakers, isOutboundError, type OutboundError, type OutboundReply, request } from '@/lib/core/http-client'

export type Exchange = {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  signal: AbortSignal
  // Calls of different kinds fail apart: one broken tool does not keep answers from being posted.
  kind?: 'contract' | 'tools' | 'health'
}

// `never-sent` is sure that the backend saw nothing; after the other faults it may have acted.
export type Fault = 'never-sent' | 'network' | 'timeout' | 'cancelled' | 'too-large' | 'open'

export type Outcome =
  | { ok: true; status: number; text: string; retryAfter: string | undefined }
  | { ok: false; fault: Fault; cause: unknown }

const MAX_REPLY_BYTES = 4 * 1_048_576

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH'])

const breakerOf = ({ origin }: URL, kind: Exchange['kind']) => (kind === 'contract' ? origin : `${origin} ${kind}`)

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

// One attempt, which never throws. Redirects are not followed.
export const exchange = async ({ kind = 'contract', ...sent }: Exchange): Promise<Outcome> => {
  const limits = { guard: 'operator', attempts: 1, redirects: 0, maxBytes: MAX_REPLY_BYTES } as const
  try {
    return heard(await request({ ...sent, ...limits, breaker: breakerOf(sent.url, kind) }))
  } catch (error) {
    return { ok: false, fault: faultOf(error), cause: error }
  }
}

export const isResting = (url: URL): boolean =>
  breakers().some(({ name, state }) => name === breakerOf(url, 'contract') && state !== 'closed')

import { monotonicMs } from '@/lib/core/clock'
import { isOutboundError, request } from '@/lib/core/http-client'
import type { Scope } from '@/lib/core/scope'
import { signatureHeaders } from './signature'
import { allowsPrivate, type Target } from './target'

export type Sent = { status: number | null; error: string | null; isHopeless: boolean; durationMs: number }

const TIMEOUT_MS = 10_000
const MAX_REPLY = 65_536
const USER_AGENT = 'Clasper-Webhook/1.0'
const GONE = 410

type Answer = Omit<Sent, 'durationMs'>

const judge = (status: number): Answer => {
  if (status >= 200 && status < 300) return { status, error: null, isHopeless: false }
  if (status === GONE) return { status, error: 'The receiver answered 410: it wants no more', isHopeless: true }
  if (status >= 300 && status < 400)
    return { status, error: `The receiver answered ${status}: redirects are not followed`, isHopeless: false }
  return { status, error: `The receiver answered ${status}`, isHopeless: false }
}

const fail = (error: unknown): Answer => {
  if (!isOutboundError(error)) throw error
  const isHopeless = error.fault === 'invalid_url' || error.fault === 'address_refused'
  return { status: null, error: error.message, isHopeless }
}

/** One attempt. What the receiver says besides its status is nobody's business. */
export const sendWebhook = async (
  scope: Pick<Scope, 'clock'>,
  { id, body }: { id: string; body: string },
  { url, secret, headers }: Target,
  signal: AbortSignal,
): Promise<Sent> => {
  const started = monotonicMs()
  const seconds = Math.floor(scope.clock.now().getTime() / 1000)
  const call = {
    method: 'POST' as const,
    url,
    body,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders(secret, id, seconds, body),
    },
    ...{ timeoutMs: TIMEOUT_MS, maxBytes: MAX_REPLY, cutsBody: true, signal },
    ...{ guard: 'public' as const, allowPrivate: allowsPrivate() },
  }
  const answer = await request(call).then(({ status }) => judge(status), fail)
  return { ...answer, durationMs: Math.round(monotonicMs() - started) }
}

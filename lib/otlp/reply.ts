import { PROBLEMS, type Problem } from '@/lib/shared/problem'
import { type Encoding, encodingOf, MEDIA } from './envelope'
import { RESPONSES, Status } from './messages'

export type Signal = keyof typeof RESPONSES

const REJECTED = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const

const bytesReply = (bytes: Uint8Array, encoding: Encoding, status: number, headers: Record<string, string>): Response =>
  new Response(Uint8Array.from(bytes), { status, headers: { ...headers, 'content-type': MEDIA[encoding] } })

const jsonReply = (body: object, status: number, headers: Record<string, string>): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': MEDIA.json } })

// What was taken: nothing to say where that is everything. 64-bit numbers are texts in JSON.
export const successReply = (signal: Signal, encoding: Encoding, rejected: number, message: string): Response => {
  const isFull = rejected === 0 && message === ''
  const partialSuccess = { ...(rejected > 0 ? { [REJECTED[signal]]: rejected } : {}), errorMessage: message }
  if (encoding === 'protobuf')
    return bytesReply(RESPONSES[signal].encode(isFull ? {} : { partialSuccess }).finish(), encoding, 200, {})
  const shown = { ...partialSuccess, ...(rejected > 0 ? { [REJECTED[signal]]: String(rejected) } : {}) }
  return jsonReply(isFull ? {} : { partialSuccess: shown }, 200, {})
}

// google.rpc.Code by the status of HTTP.
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
  504: 4,
}
const INTERNAL = 13
const MOST_MESSAGE = 2_048
const AGAIN = new Set([429, 503, 504])
const AGAIN_SECONDS = '5'

// Here a failure of our own means that nothing was stored, and clients send again only what they are told to.
const statusOf = ({ code }: Problem): number => {
  const { status } = PROBLEMS[code]
  return status === 500 || status === 502 || status === 499 ? 503 : status
}

const headersFor = (problem: Problem, status: number): Record<string, string> => ({
  ...(AGAIN.has(status) ? { 'retry-after': AGAIN_SECONDS } : {}),
  ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  ...problem.headers,
})

// A refusal as google.rpc.Status in the encoding of the request.
export const statusReply = (problem: Problem, request: Request): Response => {
  const status = statusOf(problem)
  const body = { code: CODES[status] ?? INTERNAL, message: problem.message.slice(0, MOST_MESSAGE) }
  const headers = headersFor(problem, status)
  const encoding = encodingOf(request) ?? 'json'
  if (encoding === 'json') return jsonReply(body, status, headers)
  return bytesReply(Status.encode(body).finish(), encoding, status, headers)
}

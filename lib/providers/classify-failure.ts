import type { FailureClass } from './model-ref'
import type { ProviderApi } from './provider-table'
import type { Ending, Seen } from './upstream'

// Where the library leaves the status of a refusal, when the line did not see it.
const STATUS_IN: Readonly<Record<ProviderApi, RegExp>> = {
  'openai-responses': /^(\d{3})\b/,
  'openai-completions': /^(\d{3})\b/,
  'anthropic-messages': /^(\d{3})\b/,
  'mistral-conversations': /^Mistral API error \((\d{3})\)/,
  'google-generative-ai': /"code"\s*:\s*(\d{3})/,
}

export const statusIn = (api: ProviderApi, message: string): number | null => {
  const found = STATUS_IN[api].exec(message)?.[1]
  return found === undefined ? null : Number(found)
}

const FILTERED = /content[_ ]?filter|content_policy|PROHIBITED_CONTENT/i
const KEY_REFUSED = /api key not valid|API_KEY_INVALID|(?:incorrect|invalid)[_ -]api[_ -]key/i

// Some say with 429 what waiting does not help: one request above the whole limit, or an account without money.
const TOO_LARGE = /request too large|request_too_large|tokens_limit_exceeded/i
const UNPAID =
  /insufficient_quota|billing_(?:error|hard_limit|not_active)|billing hard limit|account is not active|credit balance is too low|insufficient (?:credits|balance|funds)/i

const notToRepeat = (message: string): FailureClass | null => {
  if (UNPAID.test(message)) return 'auth'
  return TOO_LARGE.test(message) ? 'bad_request' : null
}

const ofStatus = (status: number, message: string, body: string, isOverflow: boolean): FailureClass => {
  const final = status < 500 ? (notToRepeat(message) ?? notToRepeat(body)) : null
  if (final !== null) return final === 'bad_request' && isOverflow && status !== 429 ? 'context_overflow' : final
  if (status === 401 || status === 402 || status === 403) return 'auth'
  if (status === 429) return 'rate_limited'
  if (status === 503 || status === 529) return 'overloaded'
  if (status >= 500 || status === 408) return 'server'
  if (isOverflow) return 'context_overflow'
  if (KEY_REFUSED.test(message)) return 'auth'
  return FILTERED.test(message) ? 'content_filter' : 'bad_request'
}

// What providers write when a filter ended the answer, and when the model's call of a tool was no call.
const FILTER_REASONS = new Set([
  'content_filter',
  'refusal',
  'sensitive',
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
])
const BROKEN_CALLS = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'])

export const isFiltered = (rawFinish: string | null): boolean => rawFinish !== null && FILTER_REASONS.has(rawFinish)

// In the middle of an accepted answer errors are words.
const IN_STREAM: readonly (readonly [RegExp, FailureClass])[] = [
  [FILTERED, 'content_filter'],
  [/overloaded/i, 'overloaded'],
  [/rate[_ ]?limit/i, 'rate_limited'],
  [/server_error|api_error|internal[_ ]?(?:server )?error/i, 'server'],
  [/network_error/i, 'network'],
]

const ofWords = (ending: Ending, message: string): FailureClass => {
  if (isFiltered(ending.rawFinish)) return 'content_filter'
  if (ending.rawFinish !== null && BROKEN_CALLS.has(ending.rawFinish)) return 'invalid_tool_call'
  if (ending.isOverflow) return 'context_overflow'
  const final = notToRepeat(message)
  if (final !== null) return final
  return IN_STREAM.find(([pattern]) => pattern.test(message))?.[1] ?? 'unmetered_cut'
}

export type Failure = { outcome: FailureClass; status?: number; reason: string }

// The ending is an error; who ended it from our side was asked before.
export const classifyFailure = (api: ProviderApi, ending: Ending, seen: Seen): Failure => {
  const message = ending.error ?? ''
  if (!seen.isSent) return { outcome: 'bad_request', reason: message }
  const isRefusal = seen.status !== null && (seen.status < 200 || seen.status >= 300)
  const status = isRefusal ? seen.status : seen.status === null ? statusIn(api, message) : null
  if (status !== null)
    return { outcome: ofStatus(status, message, seen.refusal, ending.isOverflow), status, reason: message }
  const reason = seen.causeCode === null ? message : `${message} (${seen.causeCode})`
  if (seen.status === null) return { outcome: 'network', reason }
  return { outcome: ofWords(ending, message), status: seen.status, reason }
}

const NEVER_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/

// Refused before it was processed: nothing is owed. All else that was sent may be on the bill.
export const wasRefused = (seen: Seen): boolean => {
  if (!seen.isSent) return true
  if (seen.status !== null) return seen.status < 200 || seen.status >= 300
  return seen.causeCode !== null && NEVER_CONNECTED.test(seen.causeCode)
}

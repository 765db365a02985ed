export type OutboundFault =
  | 'invalid_url'
  | 'address_refused'
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'too_large'
  | 'circuit_open'
  | 'too_many_redirects'

const BRAND = Symbol.for('clasper.outbound')

export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly [BRAND] = true
  constructor(
    readonly fault: OutboundFault,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

// Several module graphs live in one process, so the class is recognised by its brand.
export const isOutboundError = (error: unknown): error is OutboundError =>
  typeof error === 'object' && error !== null && BRAND in error

const chain = (error: unknown): unknown[] => {
  const all: unknown[] = []
  for (let at = error; at instanceof Error && all.length < 5; at = at.cause) {
    all.push(at)
    if (at instanceof AggregateError) all.push(...at.errors)
  }
  return all
}

const codeOf = (error: unknown): string => {
  const coded = chain(error).find((item) => item instanceof Error && 'code' in item && typeof item.code === 'string')
  return coded instanceof Error && 'code' in coded ? String(coded.code) : ''
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was cut',
  UND_ERR_SOCKET: 'The connection was cut',
  ENOTFOUND: 'The name has no address',
  EAI_AGAIN: 'The name could not be looked up',
  EHOSTUNREACH: 'The host cannot be reached',
  ENETUNREACH: 'The network cannot be reached',
  EPIPE: 'The connection was cut',
}

const TIMEOUTS: readonly string[] = [
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]

// A message of our own: what a library says may carry addresses and header values.
export const asOutboundError = (error: unknown): OutboundError => {
  const known = chain(error).find(isOutboundError)
  if (known) return known
  const code = codeOf(error)
  if (TIMEOUTS.includes(code)) return new OutboundError('timeout', 'No answer in time', error)
  const words = WORDS[code] ?? (code === '' ? 'The call failed' : `The call failed (${code})`)
  return new OutboundError('network', words, error)
}

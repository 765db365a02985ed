import type { Protocol } from './script-step'

const KINDS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

// A refusal in the words of each protocol.
export const errorBody = (protocol: Protocol, status: number): string => {
  const message = `mock refusal ${status}`
  const type = KINDS[status] ?? 'api_error'
  if (protocol === 'google') return JSON.stringify({ error: { code: status, message, status: 'MOCK' } })
  if (protocol === 'messages') return JSON.stringify({ type: 'error', error: { type, message } })
  return JSON.stringify({ error: { message, type, code: null, param: null } })
}

import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { isOutboundError } from '@/lib/core/http-client'
import { isMcpFault } from './fault'
import { plainText } from './plain-text'

const MOST_WORDS = 500

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code >= 100 && error.code < 600
    ? error.code
    : null

export const isLate = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout

const refusal = (error: McpError): string =>
  `it refused: ${plainText(error.message.replace(/^MCP error -?\d+: /, ''), MOST_WORDS)}`

// Servers use the numbers of the library for errors of their own.
const protocolWords = (error: McpError, isOpen: boolean): string => {
  if (error.code === ErrorCode.ConnectionClosed && !isOpen) return 'the connection ended before it answered'
  return isLate(error) ? 'it did not answer in time' : refusal(error)
}

/** What went wrong, in words of ours where we have them, else in plain ones of the server. */
export const wordsOf = (error: unknown, isOpen: boolean): string => {
  if (isMcpFault(error) || isOutboundError(error)) return error.message
  if (error instanceof McpError) return protocolWords(error, isOpen)
  const status = statusOf(error)
  if (status !== null) return `it answered with status ${status}`
  return error instanceof Error ? plainText(error.message, MOST_WORDS) : 'it failed'
}

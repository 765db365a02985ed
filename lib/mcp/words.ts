import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { isOutboundError } from '@/lib/core/http-client'
import { isMcpFault } from './fault'
import { plainText } from './plain-text'

const MOST_WORDS = 500
// Where it is looked through before it is cut to that.
const MOST_READ = 65_536

type Hide = (text: string) => string

export const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code >= 100 && error.code < 600
    ? error.code
    : null

// A secret is looked for before the text is cut: half of one would not be found.
export const wordsIn = (text: unknown, most: number, hide: Hide): string =>
  plainText(hide(typeof text === 'string' ? text.slice(0, MOST_READ) : ''), most)

export const isLate = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout

/** Whether the way there may be at fault: whoever answers, even with a refusal, is there. */
export const isOfTheLine = (error: unknown): boolean => !(error instanceof McpError) || isLate(error)

const refusal = (error: McpError, hide: Hide): string =>
  `it refused: ${wordsIn(error.message.replace(/^MCP error -?\d+: /, ''), MOST_WORDS, hide)}`

// Servers use the numbers of the library for errors of their own.
const protocolWords = (error: McpError, isOpen: boolean, hide: Hide): string => {
  if (error.code === ErrorCode.ConnectionClosed && !isOpen) return 'the connection ended before it answered'
  return isLate(error) ? 'it did not answer in time' : refusal(error, hide)
}

/** What went wrong, in words of ours where we have them, else in plain ones of the server. */
export const wordsOf = (error: unknown, isOpen: boolean, hide: Hide): string => {
  if (isMcpFault(error) || isOutboundError(error)) return hide(error.message)
  if (error instanceof McpError) return protocolWords(error, isOpen, hide)
  const status = statusOf(error)
  if (status !== null) return `it answered with status ${status}`
  return error instanceof Error ? wordsIn(error.message, MOST_WORDS, hide) : 'it failed'
}

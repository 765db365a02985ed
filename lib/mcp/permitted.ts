import { assertOutboundUrl, isOutboundError } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import type { HttpServer, McpServer, StdioServer } from './declaration'

const begins = (words: readonly string[], entry: string): boolean => {
  const wanted = entry.split(/\s+/)
  return wanted.every((word, at) => words[at] === word)
}

const programRefusal = ({ command, args }: StdioServer): string | null => {
  const { CLASPER_MCP_STDIO: rule, CLASPER_MCP_COMMANDS: commands, isProduction } = kernel().env
  if (rule === 'off') return 'programs are switched off on this host (CLASPER_MCP_STDIO)'
  if (rule === 'development' && isProduction)
    return 'programs are not started in production unless CLASPER_MCP_STDIO is on'
  if (commands.length === 0 || commands.some((entry) => begins([command, ...args], entry))) return null
  return 'its command is none of CLASPER_MCP_COMMANDS'
}

const addressRefusal = ({ url }: HttpServer): string | null => {
  try {
    assertOutboundUrl(url, kernel().env.CLASPER_TOOL_ALLOW_PRIVATE)
    return null
  } catch (error) {
    return isOutboundError(error) ? error.message : 'its address is not usable'
  }
}

/** Why this host does not speak to a server at all; null where it does. */
export const hostRefusal = (server: McpServer): string | null =>
  server.transport === 'stdio' ? programRefusal(server) : addressRefusal(server)

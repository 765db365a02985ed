import { z } from 'zod'
import { type EnvField, flag, list, whole } from './env-kinds'

// Servers of the Model Context Protocol that workspaces name, and this server as one of them.
export const MCP_FIELDS = {
  CLASPER_MCP_STDIO: {
    group: 'MCP',
    means: 'Whether workspaces may start MCP servers as programs here: on, off, or in development alone',
    schema: z.enum(['development', 'on', 'off']).default('development'),
  },
  CLASPER_MCP_COMMANDS: {
    group: 'MCP',
    means: 'Command lines that such programs must begin with, comma-separated; empty allows any',
    schema: list(),
  },
  CLASPER_MCP_LIST_TIMEOUT_MS: {
    group: 'MCP',
    means: 'Longest that a run waits for MCP servers to say which tools they have',
    schema: whole(5_000, 50, 120_000),
  },
  CLASPER_MCP_LIST_TTL_MS: {
    group: 'MCP',
    means: 'How long such a list of tools is believed',
    schema: whole(300_000, 0, 86_400_000),
  },
  CLASPER_MCP_IDLE_MS: {
    group: 'MCP',
    means: 'Unused connections to MCP servers are closed after this time',
    schema: whole(300_000, 50, 86_400_000),
  },
  CLASPER_MCP_DECISIONS: {
    group: 'MCP',
    means: 'Lets people approve or refuse what waits through /mcp; everything else there reads',
    schema: flag(false),
  },
  CLASPER_MCP_ORIGINS: {
    group: 'MCP',
    means: 'Origins besides our own whose pages may call /mcp, comma-separated',
    schema: list(),
  },
} as const satisfies Record<string, EnvField>

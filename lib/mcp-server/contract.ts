import { z } from 'zod'
import { anyone, contract } from '@/lib/shared/contract'

export const serveMcp = contract({
  method: 'POST',
  path: '/mcp',
  summary:
    'Clasper as a server of the Model Context Protocol: streamable HTTP without sessions, one JSON-RPC message a call',
  guard: anyone,
  tag: 'MCP',
  body: z.unknown(),
  rateLimit: { perMinute: 1_200 },
})

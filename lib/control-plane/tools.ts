import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import { type Ask, callToolFor } from './ask'
import { isStatus } from './failure'
import { type ListedTool, ToolList } from './wire'

const PATH = '/api/tools'
const KEEP_MS = 30_000
const MAX_KEPT = 1_000
const MAX_TOOLS = 256

type Tools = readonly ListedTool[]

const kept = () =>
  kernel().slot('control-plane.tools', () => new LRUCache<string, Promise<Tools>>({ max: MAX_KEPT, ttl: KEEP_MS }))

const never = new AbortController().signal

// Tools are optional: a backend without the address has none.
const fetchTools = async (ask: Ask): Promise<Tools> => {
  try {
    const call = { what: 'list tools', method: 'GET', path: PATH, reply: ToolList, repeats: 'keyed' } as const
    const { tools } = await callToolFor(ask, { ...call, signal: never })
    return [...new Map(tools.map((tool) => [tool.name, tool])).values()].slice(0, MAX_TOOLS)
  } catch (error) {
    if (isStatus(error, 404)) return []
    throw error
  }
}

// A backend may show one person more than another, so each has a list of their own.
const placeOf = ({ tenantId, userId, role }: Ask): string => JSON.stringify([tenantId, userId, role])

// Whoever asks again while the first answer is under way gets that answer, also when the first one has left.
export const listTools = (ask: Ask): Promise<Tools> => {
  const place = placeOf(ask)
  const known = kept().get(place)
  if (known) return known
  const asked = fetchTools(ask)
  kept().set(place, asked)
  asked.catch(() => kept().delete(place))
  return asked
}

// A tool may act, and not every backend looks at keys: it is sent again only if it surely never arrived.
export const callTool = (ask: Ask, name: string, args: Record<string, unknown>, key: string): Promise<unknown> =>
  callToolFor(ask, {
    what: `call tool ${name}`,
    method: 'POST',
    path: `${PATH}/${encodeURIComponent(name)}`,
    body: {
      arguments: args,
      tenant_id: ask.tenantId,
      workspace_id: ask.workspaceId,
      trace_id: ask.traceId,
      idempotency_key: key,
    },
    reply: z.json(),
    timeoutMs: kernel().env.CLASPER_TOOL_TIMEOUT_MS,
    repeats: 'once',
    quote: true,
  })

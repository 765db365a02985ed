import { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { type Ask, callFor } from './ask'

const Announced = z.object({ features: z.object({ tool_requests: z.boolean().optional() }).loose() }).loose()

const ToolRequest = z.object({
  id: z.string().min(1).max(200),
  status: z.enum(['pending', 'approved', 'denied']),
  reason: z.string().nullish(),
  decided_by: z.string().max(256).nullish(),
})
export type ToolRequest = z.output<typeof ToolRequest>

const PATH = '/api/mission-control/tool-requests'

export type NewToolRequest = {
  title: string
  justification: string
  interface: string
  scope: string
  riskLevel: string
}

// Whether the backend lets people of its own decide about tools.
const takesToolRequests = async (ask: Ask): Promise<boolean> => {
  const { features } = await callFor(ask, {
    what: 'read capabilities',
    method: 'GET',
    path: '/api/mission-control/capabilities',
    reply: Announced,
    repeats: 'keyed',
  })
  return features.tool_requests === true
}

const LEVELS = ['low', 'medium', 'high', 'critical']

// Made once per key.
const askForTool = (ask: Ask, wish: NewToolRequest, key: string): Promise<ToolRequest> =>
  callFor(ask, {
    what: 'ask for a tool',
    method: 'POST',
    path: PATH,
    body: {
      title: wish.title,
      justification: wish.justification,
      interface: wish.interface,
      scope: wish.scope,
      risk_level: LEVELS.includes(wish.riskLevel) ? wish.riskLevel : 'medium',
      idempotency_key: key,
    },
    reply: ToolRequest,
    repeats: 'keyed',
  })

const findToolRequest = async (ask: Ask, id: string): Promise<ToolRequest | null> => {
  const { items } = await callFor(ask, {
    what: 'list tool requests',
    method: 'GET',
    path: PATH,
    reply: z.object({ items: z.array(ToolRequest).max(1_000) }),
    repeats: 'keyed',
  })
  return items.find((item) => item.id === id) ?? null
}

/** What people of the backend say of one call. */
export const decidedByBackend = async (
  scope: Scope,
  agent: Omit<Ask, 'tenantId'>,
  wish: NewToolRequest,
  key: string,
): Promise<ToolRequest | 'undecided' | 'no desk'> => {
  const ask: Ask = { ...agent, tenantId: scope.tenantId }
  if (!(await takesToolRequests(ask))) return 'no desk'
  const { id } = await askForTool(ask, wish, key)
  const found = await findToolRequest(ask, id)
  return found === null || found.status === 'pending' ? 'undecided' : found
}

import { type Route, route } from '@/lib/http/route'
import { replayContext, replayTrace } from '@/lib/runtime'
import * as contracts from '@/lib/runtime/contract'
import { type AgentTenant, SERVICE_KEY } from './agent-house'

const POST = route(contracts.replayTrace, (scope, { params, body }) => replayTrace(scope, params.id, body))
const GET = route(contracts.replayContext, (scope, { params }) => replayContext(scope, params.id))

type Answer = { status: number; body: Record<string, unknown> }

const headers = (tenant: AgentTenant) => ({
  'x-agent-daemon-key': SERVICE_KEY,
  'x-tenant-id': tenant.id,
  'x-clasper-aliases': 'off',
})

const answer = async (reply: Response): Promise<Answer> => ({
  status: reply.status,
  body: (await reply.json()) as Record<string, unknown>,
})

/** The two routes of replay, as a backend calls them. */
export const replayer = () => ({
  replay: async (tenant: AgentTenant, id: string, body?: object, signal?: AbortSignal): Promise<Answer> => {
    const request = new Request(`http://127.0.0.1/traces/${id}/replay`, {
      method: 'POST',
      headers: { ...headers(tenant), ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    })
    return answer(await (POST as unknown as Route)(request, { params: { id } }))
  },
  context: async (tenant: AgentTenant, id: string): Promise<Answer> => {
    const request = new Request(`http://127.0.0.1/traces/${id}/replay`, { headers: headers(tenant) })
    return answer(await (GET as unknown as Route)(request, { params: { id } }))
  },
})

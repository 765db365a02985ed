import { z } from 'zod'
import type { Caller } from './agent-token'
import { create } from './create'
import { type Asked, type Endpoint, parsed } from './endpoint'
import { invalid, Refusal } from './refusal'
import { SHOP_TOOLS } from './shop-tools'
import { IdempotencyKey } from './tasks'
import type { Tool } from './tool'

const parametersOf = ({ input }: Tool) => {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' })
  return schema
}

const listed = SHOP_TOOLS.map((tool) => ({
  name: tool.name,
  description: tool.description,
  parameters: parametersOf(tool),
  read_only: tool.writes !== true,
}))

const Call = z.object({
  arguments: z.record(z.string(), z.unknown()).default({}),
  tenant_id: z.string().optional(),
  workspace_id: z.string().optional(),
  trace_id: z.string().optional(),
  idempotency_key: IdempotencyKey,
})

// The token decides whose data it is; a call that names another tenant is a mistake of the caller.
const sameTenant = (caller: Caller, named: string | undefined) => {
  if (named !== undefined && named !== caller.tenantId)
    throw new Refusal(403, 'tenant_id is not the one of the token', 'permission_denied')
}

const call = (asked: Asked & { caller: Caller }) => {
  const tool = SHOP_TOOLS.find(({ name }) => name === asked.params['name'])
  if (!tool) throw new Refusal(404, 'tool not found', 'not_found')
  const { arguments: given, tenant_id, idempotency_key: key } = parsed(Call, asked.body)
  sameTenant(asked.caller, tenant_id)
  const args = tool.input.safeParse(given)
  if (!args.success)
    throw invalid('The arguments are not valid', { fieldErrors: z.flattenError(args.error).fieldErrors })
  const run = () => tool.run(args.data, { ...asked, key })
  if (!tool.writes) return run()
  const input = { arguments: args.data, idempotency_key: key }
  return create(asked, asked.caller, { what: `tool:${tool.name}`, input, insert: run })
}

export const TOOLS: readonly Endpoint[] = [
  { method: 'GET', path: '/api/tools', guard: 'agent', answer: () => ({ tools: listed }) },
  { method: 'POST', path: '/api/tools/{name}', guard: 'agent', answer: call },
]

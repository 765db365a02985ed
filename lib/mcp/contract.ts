import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

export const MCP_STATES = ['refused', 'unknown', 'connecting', 'connected', 'resting', 'failing'] as const

const McpToolView = z.object({
  name: z.string().meta({ description: 'As policies, skills and settings know it: mcp:<server>:<tool>' }),
  description: z.string(),
  is_read_only: z
    .boolean()
    .meta({ description: 'Said by the workspace; what a server says of itself counts for nothing' }),
  is_pinned: z.boolean(),
  schema_hash: z.string().nullable().meta({ description: 'What pins compare; null where the tool is refused' }),
  granted_by: z.array(z.string()).meta({ description: 'Skills in play whose allowed-tools name it' }),
  refusal: z.string().nullable().meta({ description: 'Why a run does not get it; null where it does' }),
})

export const McpServerView = z.object({
  name: z.string(),
  transport: z.enum(['stdio', 'http']),
  target: z.string().meta({ description: 'The command without its arguments, or the address without its query' }),
  state: z.enum(MCP_STATES).meta({ description: 'As this instance knows it' }),
  reason: z.string().nullable().meta({ description: 'Why it is refused here' }),
  server_name: z.string().nullable(),
  server_version: z.string().nullable(),
  instructions: z.string().nullable().meta({ description: 'What the server says of itself; no model reads it' }),
  connected_at: Timestamp.nullable(),
  listed_at: Timestamp.nullable(),
  failures: z.number().int().meta({ description: 'In a row' }),
  last_error: z.string().nullable(),
  last_error_at: Timestamp.nullable(),
  retry_at: Timestamp.nullable(),
  tools: z.array(McpToolView),
  notes: z.array(z.string()),
})
export type McpServerView = z.output<typeof McpServerView>

export const McpServerList = z.object({
  workspace_id: z.string(),
  environment: z.string(),
  servers: z.array(McpServerView),
  faults: z.array(z.string()).meta({ description: 'What in mcp.yaml could not be read' }),
})
export type McpServerList = z.output<typeof McpServerList>

export const McpServerQuery = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: z.string().min(1).max(64).optional(),
  ask: z.enum(['true', 'false']).default('false').meta({
    description:
      'true connects to each of them and asks for its tools, granted or not; it takes the right to run agents',
  }),
})
export type McpServerQuery = z.output<typeof McpServerQuery>

export const listMcpServers = contract({
  method: 'GET',
  path: '/mcp/servers',
  summary: 'The MCP servers of a workspace: state, last error, tools and what grants them',
  guard: service('read'),
  tag: 'MCP',
  query: McpServerQuery,
  reply: McpServerList,
})
export const opsListMcpServers = contract({
  ...listMcpServers,
  path: '/ops/api/mcp/servers',
  guard: ops('workspace:view'),
})

import type { Scope } from '@/lib/core/scope'
import { callMcpTool, isMcpFault, type McpFile, type McpServer, type McpTool, mcpTools, type ToolsOf } from '@/lib/mcp'
import { type Grants, type Patterns, refusalOf } from './permission'
import { type Tool, ToolFault } from './tool'

export type McpPlace = { workspaceId: string; file: McpFile }

const MOST_OF_ONE = 64

const reaches = (patterns: Patterns, { name }: McpServer): boolean =>
  patterns === '*' ||
  patterns.some((pattern) => pattern === '*' || pattern === 'mcp:*' || pattern.startsWith(`mcp:${name}:`))

const isShut = (denied: readonly string[], { name }: McpServer): boolean =>
  denied.some((pattern) => ['*', 'mcp:*', `mcp:${name}:*`].includes(pattern))

// Nobody is asked for tools that nothing grants.
const mayUse =
  ({ skills, tenant }: Grants) =>
  (server: McpServer): boolean =>
    reaches(skills, server) &&
    reaches(tenant.allowed, server) &&
    reaches(tenant.claim ?? '*', server) &&
    !isShut(tenant.denied, server)

const callable = (scope: Scope, place: { workspaceId: string; server: McpServer }, tool: McpTool): Tool => ({
  name: tool.name,
  description: `[${place.server.name}] ${tool.description}`,
  parameters: tool.parameters,
  source: 'mcp',
  isReadOnly: tool.isReadOnly,
  run: async (args, { signal }) => {
    try {
      return await callMcpTool(scope, place, tool, args, signal)
    } catch (error) {
      throw isMcpFault(error) ? new ToolFault(error.message) : error
    }
  },
})

type Found = { tools: readonly Tool[]; notes: readonly string[] }

const grantedOf = (scope: Scope, workspaceId: string, grants: Grants, found: ToolsOf): Found => {
  const { server } = found
  if ('fault' in found)
    return { tools: [], notes: [`The tools of the MCP server ${server.name} are left out: ${found.fault}`] }
  const granted = found.listing.tools.filter(({ name }) => refusalOf(grants, name) === null)
  const isMany = granted.length > MOST_OF_ONE
  return {
    tools: granted.slice(0, MOST_OF_ONE).map((tool) => callable(scope, { workspaceId, server }, tool)),
    notes: [
      ...found.listing.notes,
      ...(isMany
        ? [`A run offers at most ${MOST_OF_ONE} tools of one MCP server; the rest of ${server.name} is left out`]
        : []),
    ],
  }
}

/** The tools of a workspace's MCP servers that the layers of skills and tenant permit. */
export const fromMcp = async (scope: Scope, place: McpPlace | null, grants: Grants): Promise<Found> => {
  if (place === null) return { tools: [], notes: [] }
  const { file, workspaceId } = place
  const servers = file.servers.filter(mayUse(grants))
  const found = await mcpTools(scope, workspaceId, servers)
  const all = found.map((one) => grantedOf(scope, workspaceId, grants, one))
  return { tools: all.flatMap(({ tools }) => tools), notes: [...file.faults, ...all.flatMap(({ notes }) => notes)] }
}

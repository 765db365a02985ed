import type { Scope } from '@/lib/core/scope'
import { MCP_FILE, type McpServer, type McpState, mcpFile, mcpTools, stateOf } from '@/lib/mcp'
import type { McpServerList, McpServerQuery, McpServerView } from '@/lib/mcp/contract'
import { Problem } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import { type Bundle, resolveRun } from '@/lib/workspace'
import { type Grants, permits, refusalOf } from './permission'
import { tenantGrants } from './tenant-grants'

type View = McpServerView['tools'][number]

const MOST_SHOWN = 200

// Arguments and queries may hold what is meant for nobody else.
const targetOf = (server: McpServer): string => {
  if (server.transport === 'stdio') return server.command
  const { origin, pathname } = new URL(server.url)
  return `${origin}${pathname}`
}

const grantersOf = ({ skills }: Bundle, name: string): string[] =>
  skills.filter(({ isVisible, allowedTools }) => isVisible && permits(allowedTools, name)).map((skill) => skill.name)

const reasonIn = (grants: Grants, name: string): string | null => {
  const refusal = refusalOf(grants, name)
  return refusal === null ? null : `${refusal.layer}: ${refusal.reason}`
}

const toolsOf = ({ listing }: McpState, server: McpServer, bundle: Bundle, grants: Grants): View[] => {
  const pinned = (name: string) => Object.hasOwn(server.pins, name.slice(`mcp:${server.name}:`.length))
  const shown = (listing?.tools ?? []).map(
    ({ name, description, isReadOnly, schemaHash }): View => ({
      name,
      description,
      is_read_only: isReadOnly,
      is_pinned: pinned(name),
      schema_hash: `sha256:${schemaHash}`,
      granted_by: grantersOf(bundle, name),
      refusal: reasonIn(grants, name),
    }),
  )
  const refused = [...(listing?.refused ?? [])].map(
    ([name, reason]): View => ({
      name,
      description: '',
      is_read_only: false,
      is_pinned: pinned(name),
      schema_hash: null,
      granted_by: grantersOf(bundle, name),
      refusal: `server: ${reason}`,
    }),
  )
  return [...refused, ...shown].slice(0, MOST_SHOWN).sort((a, b) => (a.name < b.name ? -1 : 1))
}

const viewOf = (state: McpState, server: McpServer, bundle: Bundle, grants: Grants): McpServerView => ({
  name: server.name,
  transport: server.transport,
  target: targetOf(server),
  state: state.state,
  reason: state.reason,
  server_name: state.about?.name ?? null,
  server_version: state.about?.version ?? null,
  instructions: state.about?.instructions ?? null,
  connected_at: toWireOrNull(state.connectedAt),
  listed_at: toWireOrNull(state.listedAt),
  failures: state.failures,
  last_error: state.lastError?.text ?? null,
  last_error_at: toWireOrNull(state.lastError?.at),
  retry_at: toWireOrNull(state.retryAt),
  tools: toolsOf(state, server, bundle, grants),
  notes: [...(state.listing?.notes ?? [])],
})

// To connect is to do what a run does, so it takes the right to run.
const assertMayAsk = ({ identity }: Scope): void => {
  const isOps = identity.plane === 'ops'
  if (isOps ? identity.permissions.has('agent:run') : identity.scopes.has('run')) return
  const lacking = isOps ? { permission: 'agent:run' } : { scope: 'run' }
  throw new Problem('permission_denied', 'To ask the servers takes the right to run agents.', lacking)
}

/** What this instance knows of the MCP servers of a workspace; on demand it asks them first. */
export const listMcpServers = async (scope: Scope, query: McpServerQuery): Promise<McpServerList> => {
  if (query.ask === 'true') assertMayAsk(scope)
  const wish = { workspaceId: query.workspace_id ?? scope.workspaceId, environment: query.environment }
  const { bundle, environment } = await resolveRun(scope, wish)
  const { workspaceId } = bundle
  const { servers, faults } = mcpFile(bundle.folder.texts.get(MCP_FILE))
  const grants: Grants = { skills: bundle.toolGrants, tenant: await tenantGrants(scope) }
  const faultsOf = new Map<string, string>()
  if (query.ask === 'true')
    for (const found of await mcpTools(scope, workspaceId, servers))
      if ('fault' in found) faultsOf.set(found.server.name, found.fault)
  const place = { tenantId: scope.tenantId, workspaceId }
  return {
    workspace_id: workspaceId,
    environment,
    servers: servers.map((server) => {
      const view = viewOf(stateOf(place, server), server, bundle, grants)
      const fault = faultsOf.get(server.name)
      return fault === undefined ? view : { ...view, last_error: view.last_error ?? fault }
    }),
    faults: [...faults],
  }
}

import { route } from '@/lib/http/route'
import { opsListMcpServers } from '@/lib/mcp/contract'
import { listMcpServers } from '@/lib/tools'

export const GET = route(opsListMcpServers, (scope, { query }) => listMcpServers(scope, query))

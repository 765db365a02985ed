import { route } from '@/lib/http/route'
import { listMcpServers as contract } from '@/lib/mcp/contract'
import { listMcpServers } from '@/lib/tools'

export const GET = route(contract, (scope, { query }) => listMcpServers(scope, query))

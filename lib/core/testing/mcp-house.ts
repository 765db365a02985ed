import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as mcp from '@/app/(api)/mcp/route'
import * as servers from '@/app/(api)/mcp/servers/route'
import * as opsServers from '@/app/ops/api/mcp/servers/route'
import { createLane } from '@/lib/http/lane'

const TABLE = {
  routes: [
    { path: '/mcp', module: mcp },
    { path: '/mcp/servers', module: servers },
    { path: '/ops/api/mcp/servers', module: opsServers },
  ],
  pages: [],
  files: [],
}

export type McpHouse = { url: string; close(): Promise<void> }

/** The server's own lane on a port, with the addresses of the protocol and no others. */
export const startMcpHouse = async (): Promise<McpHouse> => {
  const lane = createLane(TABLE, () => false)
  const server = http.createServer((request, response) => lane.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The official client, as anybody would use it. */
export const mcpClient = async (url: string, headers: Record<string, string>): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } })
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

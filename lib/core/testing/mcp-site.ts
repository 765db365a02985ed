import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'

type Rpc = { id?: number; method?: string }
export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; rpc: Rpc }
export type Answer = (seen: Seen, response: ServerResponse) => void

const TOOL = { name: 'look', description: 'Looks', inputSchema: { type: 'object', properties: {} } }

const resultOf = ({ rpc }: Seen): object | null => {
  if (rpc.method === 'initialize')
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'web', version: '2' } }
  if (rpc.method === 'tools/list') return { tools: [TOOL] }
  if (rpc.method === 'ping') return {}
  if (rpc.method === 'tools/call') return { content: [{ type: 'text', text: 'seen' }] }
  return null
}

export const json = (response: ServerResponse, value: object, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

export const inSession =
  (session: string): Answer =>
  (seen, response) => {
    const result = resultOf(seen)
    if (result === null) return void response.writeHead(202).end()
    json(response, { jsonrpc: '2.0', id: seen.rpc.id, result }, { 'mcp-session-id': session })
  }

export const good: Answer = inSession('session-1')

export const onCall =
  (answer: Answer): Answer =>
  (seen, response) =>
    seen.rpc.method === 'tools/call' ? answer(seen, response) : good(seen, response)

const noStream: Answer = ({ method }, response) => void response.writeHead(method === 'DELETE' ? 200 : 405).end()

/** A server of tools over HTTP that answers as a test tells it to; `answer` is for what is posted, `other` for the rest. */
export const useSite = () => {
  const site = { url: '', seen: [] as Seen[], answer: good, other: noStream }
  const servers: Server[] = []
  beforeAll(async () => {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const { method = '', url = '', headers } = request
      const seen = { method, url, headers, rpc: text === '' ? {} : JSON.parse(text) }
      site.seen.push(seen)
      response.on('error', () => undefined)
      if (method === 'POST') site.answer(seen, response)
      else site.other(seen, response)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  })
  beforeEach(() => {
    site.seen.length = 0
    site.answer = good
    site.other = noStream
  })
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })
  return site
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'

// The same small answers from a server that checks, stores and proves nothing.
const READ = {
  plane: 'service',
  actor: 'service:bench',
  tenant_id: 'default',
  allowed_tenants: [],
  workspace_ids: null,
  scopes: ['read'],
  permissions: [],
}

const bare = async (): Promise<number> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body: unknown = request.method === 'POST' ? JSON.parse(Buffer.concat(chunks).toString()) : READ
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const framework = async (): Promise<number> => {
  const app = fastify()
  app.get('/*', async () => READ)
  app.post('/*', async (request) => request.body)
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

const port = process.argv[2] === 'fastify' ? await framework() : await bare()
process.stdout.write(`${port}\n`)

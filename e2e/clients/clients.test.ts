import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as langfuse from '@/app/(api)/api/public/otel/v1/traces/route'
import * as spans from '@/app/(api)/traces/[id]/spans/route'
import * as list from '@/app/(api)/traces/route'
import * as traces from '@/app/(api)/v1/traces/route'
import { createKey } from '@/lib/auth'
import { ensureClients } from '@/lib/cli/tasks/clients'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { createLane } from '@/lib/http/lane'
import { CLIENTS, type Client, runClient } from './run-client'
import { expectedOf, readTold, type Silence } from './told'

const TABLE = {
  routes: [
    { path: '/v1/traces', module: traces },
    { path: '/api/public/otel/v1/traces', module: langfuse },
    { path: '/traces', module: list },
    { path: '/traces/[id]/spans', module: spans },
  ],
  pages: [],
  files: [],
}

// Each is held against the same trace; what a client has no words for stands here, and nothing else may differ.
const SILENT_ON: Readonly<Record<Client, Silence>> = {
  'otlp-proto': {},
  'otlp-json': {},
  // One call of generateText: it names a model at the top, and no agent.
  'ai-sdk': { root: { kind: 'workflow', provider: 'openai', model: 'gpt-4o' } },
  langfuse: { provider: null },
  // Its calls are reported by hand, and its report knows neither the provider nor what a cache gave.
  traceloop: { provider: null, cached: 0 },
}

const LONG = 240_000

describeEachDialect('the same trace', (dialect) => {
  useKernel(dialect)
  let server: http.Server
  beforeAll(async () => {
    if (!(await ensureClients())) throw new Error('The clients could not be installed.')
    const lane = createLane(TABLE, () => false)
    server = http.createServer((request, response) => lane.handle(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }, LONG)
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const project = async (name: string) => {
    const tenant = await newTenant(name)
    const wanted = {
      name,
      workspace_ids: [],
      allowed_tenants: [],
      expires_in_days: null,
      tenant_mode: 'fixed' as const,
    }
    const { secret } = await createKey(tenant.scope, { ...wanted, scopes: ['ingest', 'read'] })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const get = async (path: string): Promise<unknown> => {
      const reply = await fetch(`${url}${path}`, { headers: { 'x-agent-daemon-key': secret } })
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}`)
      return reply.json()
    }
    return { url, secret, get }
  }

  it.each(CLIENTS)(
    'is told by %s, unmodified',
    async (client) => {
      const { url, secret, get } = await project(client)
      await runClient(client, url, secret)
      const expected = expectedOf(SILENT_ON[client])
      const sessions = ['session-one', 'session-two']
      expect(await readTold(get)).toEqual(sessions.map((session_key) => ({ session_key, ...expected })))
    },
    LONG,
  )
})

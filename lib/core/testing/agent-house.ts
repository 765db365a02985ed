import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { type Route, route } from '@/lib/http/route'
import { compact, llmTask, send, stream } from '@/lib/runtime'
import * as contracts from '@/lib/runtime/contract'
import { uuidv7 } from '@/lib/shared/id'
import { getTrace } from '@/lib/tracing'
import { getTrace as traceContract } from '@/lib/tracing/contract'
import { systemClock } from '../clock'
import { createKernel, installKernel, kernel } from '../kernel'
import { createLog } from '../log'
import type { Dialect } from '../migrate/schema-source'
import { systemDb } from '../system-db'
import { noteAudits } from './audit-seen'
import { freshDatabase } from './database'
import { testEnv } from './kernel'
import { type MockProvider, startMockProvider } from './mock-provider/start-mock-provider'
import { mockSurroundings } from './mock-provider/surroundings'

export const SERVICE_KEY = 'service-key-of-the-agent-house'

const ROUTES = {
  send: route(contracts.send, (scope, { body }) => send(scope, body)),
  stream: route(contracts.stream, (scope, { body }) => stream(scope, body)),
  compact: route(contracts.compact, (scope, { body }) => compact(scope, body)),
  llmTask: route(contracts.llmTask, (scope, { body }) => llmTask(scope, body)),
  trace: route(traceContract, (scope, { params }) => getTrace(scope, params.id)),
} as const

type Headers = Record<string, string>

export type AgentHouse = {
  backend: ReferenceBackend
  provider: MockProvider
  workspace: string
  // A tenant that nobody else uses.
  tenant(): AgentTenant
}

type Answer = { status: number; headers: globalThis.Headers; body: Record<string, unknown> }

export type AgentTenant = {
  id: string
  call(name: keyof typeof ROUTES, body: object, headers?: Headers, signal?: AbortSignal): Promise<Response>
  json(name: keyof typeof ROUTES, body: object, headers?: Headers): Promise<Answer>
  say(message: string, more?: object): object
  trace(id: string): Promise<Record<string, unknown>>
  ledger(): ReturnType<ReturnType<typeof systemDb>['ledgerEntry']['findMany']>
  audits(): Promise<string[]>
  messages(): Record<string, unknown>[]
}

const address = 'http://127.0.0.1'

const requestFor = (tenant: string, body: object, headers: Headers, signal?: AbortSignal): Request =>
  new Request(`${address}/call`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'x-agent-daemon-key': SERVICE_KEY,
      'x-tenant-id': tenant,
      ...headers,
    },
    ...(signal ? { signal } : {}),
  })

const tenantOf = (house: AgentHouse): AgentTenant => {
  const id = `t-${uuidv7(systemClock.now().getTime())}`
  const call: AgentTenant['call'] = (name, body, headers = {}, signal) =>
    (ROUTES[name] as unknown as Route)(requestFor(id, body, headers, signal))
  return {
    id,
    call,
    json: async (name, body, headers) => {
      const reply = await call(name, body, headers)
      return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> }
    },
    say: (message, more = {}) => ({
      user_id: 'u1',
      session_key: 'user:u1:agent',
      task_title: 'Support',
      message,
      ...more,
    }),
    trace: async (traceId) => {
      const request = new Request(`${address}/traces/${traceId}`, {
        headers: { 'x-agent-daemon-key': SERVICE_KEY, 'x-tenant-id': id, 'x-clasper-aliases': 'off' },
      })
      const reply = await (ROUTES.trace as unknown as Route)(request, { params: { id: traceId } })
      return ((await reply.json()) as { trace: Record<string, unknown> }).trace
    },
    ledger: () => systemDb().ledgerEntry.findMany({ where: { tenantId: id }, orderBy: { id: 'asc' } }),
    audits: async () =>
      (await systemDb().auditEntry.findMany({ where: { tenantId: id }, orderBy: { seq: 'asc' } })).map(
        ({ eventType }) => eventType,
      ),
    messages: () => house.backend.store.all('SELECT * FROM messages WHERE tenant_id = ? ORDER BY seq', id),
  }
}

type Options = { env?: Record<string, string>; onLog?: (line: string) => void }

const surroundings = (house: AgentHouse): Record<string, string> => ({
  ...mockSurroundings(house.provider.url),
  BACKEND_URL: house.backend.url,
  CLASPER_WORKSPACE: house.workspace,
  AGENT_DAEMON_API_KEY: SERVICE_KEY,
  CLASPER_DAEMON_ALLOWED_TENANTS: '*',
  CLASPER_BACKEND_ATTEMPTS: '2',
  LLM_PROVIDER: 'openai',
  LLM_MODEL_DEFAULT: 'gpt-4o-mini',
  LLM_MODEL_FALLBACK: 'anthropic/claude-3-5-haiku-20241022',
})

/** Everything around an agent, for real and on loopback: provider protocols, a backend, a workspace and a database. */
export const useAgentHouse = (dialect: Dialect, options: Options = {}): AgentHouse => {
  const house = { tenant: () => tenantOf(house) } as AgentHouse
  let close = async () => undefined as unknown
  beforeAll(async () => {
    const database = await freshDatabase(dialect)
    house.workspace = mkdtempSync(join(tmpdir(), 'clasper-agent-'))
    cpSync('workspace-template', house.workspace, { recursive: true })
    house.provider = await startMockProvider()
    house.backend = await createReferenceBackend({ agentJwtSecret: 'a'.repeat(40) })
    const env = testEnv(database.url, { ...surroundings(house), ...options.env })
    installKernel(
      createKernel({
        env,
        clock: systemClock,
        log: options.onLog ? createLog('debug', { write: options.onLog }) : createLog('silent'),
      }),
    )
    close = async () => {
      await noteAudits()
      await kernel().stop()
      await database.close()
      await house.backend.close()
      await house.provider.close()
      rmSync(house.workspace, { recursive: true, force: true })
    }
  })
  afterAll(() => close())
  return house
}

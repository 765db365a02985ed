import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { agentToken } from '@/lib/auth'
import { type Backend, backendFor } from '@/lib/control-plane'
import type { Problem } from '@/lib/shared/problem'
import { type Clock, systemClock } from '../clock'
import { installKernel } from '../kernel'
import { identityOf, scopeOf, testKernel } from './kernel'

export const AGENT_SECRET = 'a'.repeat(40)
const DATABASE = 'file:./none.db'
export const closers: (() => Promise<unknown>)[] = []

/** A kernel whose backend stands at this address, until the test is over. */
export const kernelFor = (url: string, env: Record<string, string> = {}, clock: Clock = systemClock) => {
  const made = installKernel(
    testKernel(DATABASE, {
      clock,
      env: { BACKEND_URL: url, CLASPER_BACKEND_TIMEOUT_MS: '300', AGENT_JWT_SECRET: AGENT_SECRET, ...env },
    }),
  )
  closers.push(() => made.stop())
}

// Whatever a test has opened is closed after it, the last first.
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

export type Seen = { method: string; url: string; body: Record<string, unknown>; headers: IncomingMessage['headers'] }
type Answer = (seen: Seen, response: ServerResponse, count: number) => void

/** A backend that says exactly what a test wants to hear. */
export const scripted = async (
  answer: Answer,
  env: Record<string, string> = {},
  prefix = '',
  clock: Clock = systemClock,
): Promise<Seen[]> => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const one = {
      method: request.method ?? '',
      url: request.url ?? '',
      body: text ? JSON.parse(text) : {},
      headers: request.headers,
    }
    seen.push(one)
    answer(one, response, seen.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  kernelFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`, env, clock)
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return seen
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export const agentOf = async (
  over: { tenant?: string; user?: string; traceId?: string; signal?: AbortSignal } = {},
): Promise<Backend> => {
  const scope = scopeOf(identityOf(over.tenant ?? 'acme'))
  const userId = over.user ?? 'ada'
  const token = await agentToken(scope, { userId, role: 'support' })
  const { traceId = 'trace-1', signal = new AbortController().signal } = over
  return backendFor(scope, { userId, role: 'support', workspaceId: 'main', traceId, token, signal })
}

export const failureOf = async (work: Promise<unknown>): Promise<Problem> => {
  try {
    await work
  } catch (error) {
    return error as Problem
  }
  throw new Error('it did not fail')
}

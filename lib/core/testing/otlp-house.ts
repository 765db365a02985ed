import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll } from 'vitest'
import * as otel from '@/app/(api)/api/otel/v1/traces/route'
import * as langfuse from '@/app/(api)/api/public/otel/v1/traces/route'
import * as logs from '@/app/(api)/v1/logs/route'
import * as metrics from '@/app/(api)/v1/metrics/route'
import * as traces from '@/app/(api)/v1/traces/route'
import { createKey } from '@/lib/auth'
import { createLane } from '@/lib/http/lane'
import type { ServiceScope } from '@/lib/shared/rbac'
import type { Dialect } from '../migrate/schema-source'
import { newTenant, type TestTenant, useKernel } from './kernel'

const TABLE = {
  routes: [
    { path: '/v1/traces', module: traces },
    { path: '/v1/logs', module: logs },
    { path: '/v1/metrics', module: metrics },
    { path: '/api/otel/v1/traces', module: otel },
    { path: '/api/public/otel/v1/traces', module: langfuse },
  ],
  pages: [],
  files: [],
}

export type Project = TestTenant & { key: string }
type Sent = { path?: string; headers?: Record<string, string>; isChunked?: boolean; method?: string }
export type OtlpReply = {
  status: number
  headers: http.IncomingHttpHeaders
  bytes: Buffer
  json: () => Record<string, unknown>
}

const listen = async (): Promise<http.Server> => {
  const lane = createLane(TABLE, () => false)
  const server = http.createServer((request, response) => lane.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const send = (
  url: string,
  body: Uint8Array,
  { headers = {}, isChunked = false, method = 'POST' }: Sent,
): Promise<OtlpReply> =>
  new Promise((resolve, reject) => {
    const length = isChunked ? {} : { 'content-length': String(body.byteLength) }
    const request = http.request(url, { method, headers: { ...headers, ...length } }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const json = () => JSON.parse(bytes.toString('utf8')) as Record<string, unknown>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes, json })
      })
    })
    request.on('error', reject)
    if (isChunked) {
      const middle = Math.floor(body.byteLength / 2)
      request.write(body.subarray(0, middle))
      request.end(body.subarray(middle))
    } else request.end(body)
  })

export const JSON_TYPE = { 'content-type': 'application/json' }
export const PROTO_TYPE = { 'content-type': 'application/x-protobuf' }
export const GZIP = { 'content-encoding': 'gzip' }

export const hexId = (bytes: 8 | 16): string => randomBytes(bytes).toString('hex')
export const zipped = (body: Uint8Array): Uint8Array => gzipSync(body)
export const jsonBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** The endpoints behind the lane itself, on loopback, with keys that were made as everybody makes them. */
export const useOtlpHouse = (dialect: Dialect, env: Record<string, string> = {}) => {
  useKernel(dialect, { env })
  let server: http.Server
  beforeAll(async () => {
    server = await listen()
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const project = async (scopes: ServiceScope[] = ['ingest'], workspaces: string[] = []): Promise<Project> => {
    const tenant = await newTenant()
    const wanted = { name: 'exporter', scopes, workspace_ids: workspaces, allowed_tenants: [], expires_in_days: null }
    const { secret } = await createKey(tenant.scope, { ...wanted, tenant_mode: 'fixed' })
    return { ...tenant, key: secret }
  }
  const post = (key: string | null, body: Uint8Array, sent: Sent = {}) =>
    send(`${url()}${sent.path ?? '/v1/traces'}`, body, {
      ...sent,
      headers: { ...JSON_TYPE, ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...sent.headers },
    })
  return { url, project, post }
}

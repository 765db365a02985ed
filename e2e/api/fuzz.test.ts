import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '@/app/routes.generated'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { useKernel } from '@/lib/core/testing/kernel'
import { type Endpoint, endpointsOf } from '@/lib/http/routes'
import { backendEnv, startBackend } from './backend-env'
import { type Callers, callersOf } from './callers'
import { SAMPLES, type Sent, sampleParams, send } from './requests'

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000)
const BATCH = 250

const endpoints = endpointsOf(routes).filter(({ contract }) => !contract.stream)
const issuer: Issuer = await startIssuer()
const backend = await startBackend()
afterAll(() => Promise.all([issuer.close(), backend.close()]))

const NASTY = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '\u0000',
  '\ud800',
  '../..',
  '%',
  "' OR 1=1 --",
  '<script>',
  '٣',
  '9'.repeat(30),
  'x'.repeat(5_000),
]
const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string(), fc.string({ unit: 'binary' }))

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const keysOf = ({ contract }: Endpoint): string[] => [
  ...Object.keys(contract.query?.shape ?? {}),
  ...(contract.body && 'shape' in contract.body ? Object.keys(contract.body.shape as object) : []),
  ...['tenant_id', 'tenantId', 'limit', 'cursor', '__proto__', 'constructor', 'unknown', 'a[b]', 'limit[]'],
]

const queryFor = (endpoint: Endpoint): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...keysOf(endpoint)), nasty), { maxLength: 5 })
    .map((pairs) =>
      pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(encodable(value))}`).join('&'),
    )

const encodable = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

const valueFor = fc.oneof(
  { weight: 4, arbitrary: nasty },
  { weight: 2, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)) },
  { weight: 2, arbitrary: fc.array(nasty, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(nasty, nasty, { maxKeys: 3 }) },
)

const bodyFor = (endpoint: Endpoint): fc.Arbitrary<string | Uint8Array> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .dictionary(fc.constantFrom(...keysOf(endpoint)), valueFor, { maxKeys: 6 })
        .map((value) => JSON.stringify(value)),
    },
    { weight: 2, arbitrary: fc.json() },
    { weight: 2, arbitrary: nasty },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        deep(63),
        deep(70),
        deep(5_000),
        '{"__proto__":{"admin":true}}',
        '{"name":"\\ud800"}',
        '{"name":"\\u0000"}',
        `"${'x'.repeat(1_100_000)}"`,
      ),
    },
  )

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  '',
  'application/problem+json',
]

const requestFor = (endpoint: Endpoint): fc.Arbitrary<Sent> =>
  fc.record({
    query: queryFor(endpoint),
    params: fc.record(
      Object.fromEntries(
        Object.keys(sampleParams(endpoint)).map((name) => [
          name,
          fc.oneof(nasty.map(encodable), fc.constantFrom('1', '2', '01930000-0000-7000-8000-00000000dead')),
        ]),
      ),
    ),
    body: bodyFor(endpoint),
    type: fc.constantFrom(...TYPES),
    headers: fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { 'x-tenant-id': 'nobody' },
          { 'x-trace-id': 'x'.repeat(9_000) },
          { 'x-workspace-id': '../..' },
          { cookie: 'next-auth.session-token=broken' },
          { authorization: 'Bearer' },
        ),
      },
    ),
  })

describe('bad input', () => {
  useKernel('sqlite', {
    env: {
      ...issuer.env,
      ...backendEnv(backend),
      INTERNAL_API_TOKEN: 'i'.repeat(32),
      CLASPER_RATE_LIMIT_PER_MINUTE: '0',
    },
  })
  const people: { own?: Callers } = {}
  beforeAll(async () => {
    people.own = await callersOf(issuer, 'fuzz')
  })

  const judge = async (endpoint: Endpoint, sent: Sent, reply: Response): Promise<string[]> => {
    const text = await reply.text()
    const label = `${endpoint.method} ${endpoint.contract.path} ${JSON.stringify(sent).slice(0, 400)} → ${reply.status} ${text.slice(0, 300)}`
    // What a model says to nonsense is its own; that it is no JSON is told, and is no fault of ours.
    const isTheModels = reply.status === 502 && text.includes('"provider_invalid_output"')
    if (reply.status >= 500 && endpoint.contract.path !== '/readyz' && !isTheModels) return [label]
    if (reply.status < 400) return []
    const problem = JSON.parse(text) as Record<string, unknown>
    // Exporters are told by a google.rpc.Status.
    const isStatus = typeof problem['code'] === 'number' && typeof problem['message'] === 'string'
    const isClear =
      endpoint.contract.guard.kind === 'ingest'
        ? isStatus && reply.headers.has('x-request-id')
        : ['error', 'code', 'request_id'].every((key) => typeof problem[key] === 'string')
    const leaks = /\bat \/|node_modules|\.ts:\d+|prisma|sqlite/i.test(
      text.replace(JSON.stringify(sent.params ?? ''), ''),
    )
    return isClear && !leaks ? [] : [`not a clear problem: ${label}`]
  }

  it(`never becomes a server error: ${REQUESTS} generated requests`, { timeout: 60_000 + REQUESTS * 20 }, async () => {
    const own = people.own ?? expect.unreachable()
    const faults: string[] = []
    const perEndpoint = Math.ceil(REQUESTS / endpoints.length)
    let sentCount = 0
    for (const endpoint of endpoints) {
      const credentials = await own.headersFor(endpoint.contract.guard)
      for (let done = 0; done < perEndpoint; done += BATCH) {
        const requests = fc.sample(requestFor(endpoint), {
          numRuns: Math.min(BATCH, perEndpoint - done),
          seed: done + sentCount,
        })
        for (const generated of requests) {
          const sent = {
            ...SAMPLES[`${endpoint.method} ${endpoint.contract.path}`],
            ...generated,
            headers: { ...credentials, ...generated.headers },
          }
          faults.push(...(await judge(endpoint, sent, await send(endpoint, sent))))
          sentCount++
        }
      }
    }
    expect(faults.slice(0, 5)).toEqual([])
    expect(sentCount).toBeGreaterThanOrEqual(REQUESTS)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '@/app/routes.generated'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { useKernel } from '@/lib/core/testing/kernel'
import { endpointsOf } from '@/lib/http/routes'
import { ADAPTER_ACTS } from './adapter-samples'
import { backendEnv, startBackend } from './backend-env'
import { type Callers, callersOf } from './callers'
import { problemOf, SAMPLES, type Sample, sampleParams, send } from './requests'
import { setStage } from './stage'

const endpoints = endpointsOf(routes)
const guarded = endpoints.filter(({ contract }) => contract.guard.kind !== 'public')
const nameOf = ({ method, contract }: (typeof endpoints)[number]) => `${method} ${contract.path}`
const UNAUTHENTICATED = {
  service: 'missing_credentials',
  anyone: 'missing_credentials',
  internal: 'missing_credentials',
  ops: 'missing_token',
  agent: 'missing_token',
  adapter: 'missing_token',
  // Exporters read a google.rpc.Status.
  ingest: 16,
} as const
const STATUS_FORBIDDEN = 7
// Failures are limited by address, and there are hundreds of endpoints to fail at.
const GUESSER = '127.0.0.2'

const issuer: Issuer = await startIssuer()
const backend = await startBackend()
afterAll(() => Promise.all([issuer.close(), backend.close()]))

describe('every contract', () => {
  useKernel('sqlite', {
    env: {
      ...issuer.env,
      ...backendEnv(backend),
      ADAPTER_JWT_SECRET: 'd'.repeat(40),
      INTERNAL_API_TOKEN: 'i'.repeat(32),
    },
  })
  const people: { own?: Callers; other?: Callers } = {}
  const own = (): Callers => people.own ?? expect.unreachable()
  const other = (): Callers => people.other ?? expect.unreachable()

  beforeAll(async () => {
    people.own = await callersOf(issuer, 'own')
    people.other = await callersOf(issuer, 'other')
    await setStage(own())
  })

  it('is served', () => {
    expect(endpoints.length).toBeGreaterThan(25)
  })

  it.each(guarded.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers 401 without credentials',
    async (_, endpoint) => {
      const kind = endpoint.contract.guard.kind
      const refused = await problemOf(await send(endpoint))
      expect(refused).toMatchObject({ status: 401, code: kind === 'public' ? '' : UNAUTHENTICATED[kind] })
      if (kind !== 'ingest') expect(refused.request_id).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it.each(guarded.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers 403 to a forged credential',
    async (_, endpoint) => {
      const forged = {
        'x-agent-daemon-key': 'clk_wrong_wrongwrongwrongwrongwrong',
        authorization: 'Bearer forged.forged.forged',
        'x-agent-token': 'a.b.c',
        'x-internal-token': 'wrong',
        'x-clasper-peer': GUESSER,
      }
      const refused = await problemOf(await send(endpoint, { headers: forged }))
      expect([401, 403]).toContain(refused.status)
    },
  )

  it.each(guarded.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers 403 without the permission',
    async (_, endpoint) => {
      const weak = await own().tooWeakFor(endpoint.contract.guard)
      if (weak === null)
        return expect(['anyone', 'agent', 'adapter', 'internal', 'ops']).toContain(endpoint.contract.guard.kind)
      const refused = await problemOf(await send(endpoint, { ...SAMPLES[nameOf(endpoint)], headers: weak }))
      const code = endpoint.contract.guard.kind === 'ingest' ? STATUS_FORBIDDEN : 'permission_denied'
      expect(refused).toMatchObject({ status: 403, code })
      if (endpoint.contract.guard.kind === 'ops') expect(JSON.parse(refused.text).required_roles).toContain('admin')
    },
  )

  const acting = guarded.filter(
    ({ contract }) => ['service', 'ops'].includes(contract.guard.kind) && contract.actsIn !== 'home',
  )
  it.each(acting.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s refuses a foreign tenant',
    async (_, endpoint) => {
      const headers = { ...(await own().headersFor(endpoint.contract.guard)), 'x-tenant-id': other().tenant.id }
      const refused = await problemOf(await send(endpoint, { ...SAMPLES[nameOf(endpoint)], headers }))
      expect(refused).toMatchObject({ status: 403, code: 'tenant_access_denied' })
    },
  )

  const addressed = guarded.filter(
    ({ contract }) => contract.params && ['service', 'ops'].includes(contract.guard.kind),
  )
  it.each(addressed.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s does not tell an unknown id from a foreign one',
    async (_, endpoint) => {
      const headers = await own().headersFor(endpoint.contract.guard)
      const params = { ...sampleParams(endpoint), ...(endpoint.path.includes('[seq]') ? { seq: '999999' } : {}) }
      const { query = '', body = JSON.stringify({ justification: 'a long enough reason' }) } =
        SAMPLES[nameOf(endpoint)] ?? {}
      const refused = await problemOf(await send(endpoint, { params, query, headers, body }))
      expect(refused).toMatchObject({ status: 404, code: 'not_found' })
      expect(refused.text).not.toContain(other().tenant.id)
    },
  )

  it.each(addressed.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers 400 to a malformed id',
    async (_, endpoint) => {
      const headers = await own().headersFor(endpoint.contract.guard)
      for (const bad of ['nope', '-1', '0x10', "'; DROP TABLE x", '..', 'a\u0000b', '9'.repeat(400)]) {
        const params = Object.fromEntries(Object.keys(sampleParams(endpoint)).map((name) => [name, bad]))
        const refused = await problemOf(await send(endpoint, { ...SAMPLES[nameOf(endpoint)], params, headers }))
        // An id that people choose may look like anything; then it is one that nobody has.
        const isId = endpoint.contract.params?.safeParse(params).success === true
        const [status, code] = isId ? [404, 'not_found'] : [400, 'invalid_request']
        if (!(isId && refused.status === 400)) expect([bad, refused.status, refused.code]).toEqual([bad, status, code])
      }
    },
  )

  const simple = guarded.filter(
    ({ contract }) =>
      contract.guard.kind !== 'agent' && !contract.params && contract.replyType === undefined && !contract.stream,
  )
  it.each(simple.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers an allowed caller with what its contract says',
    async (_, endpoint) => {
      const act = ADAPTER_ACTS[nameOf(endpoint)]
      const sample: Sample = act ? { ...(await act(own().tenant)), once: true } : (SAMPLES[nameOf(endpoint)] ?? {})
      const headers = await (sample.role ? own().as(sample.role) : own().headersFor(endpoint.contract.guard))
      if (endpoint.contract.path === '/ops/api/session/tenant')
        return expect((await send(endpoint, { headers, body: '{}' })).status).toBe(400)
      const reply = await send(endpoint, { body: '{}', ...sample, headers })
      expect(await reply.clone().text()).not.toContain('internal_error')
      expect(reply.status).toBe(endpoint.contract.status ?? 200)
      if (sample.once) return
      const strict = await send(endpoint, {
        body: '{}',
        ...sample,
        headers: { ...headers, 'x-clasper-aliases': 'off' },
      })
      if (endpoint.contract.reply) expect(() => endpoint.contract.reply?.parse('')).toThrow()
      expect(Object.keys(JSON.parse(await strict.text())).filter((key) => /[A-Z]/.test(key))).toEqual([])
    },
  )
})

import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { issueAgentToken } from './hmac-token'
import { flushLastUsed } from './last-used'
import { newServiceKey } from './service-key'

const SECRET = 't'.repeat(40)
const MINUTE = 60_000

type Sent = Record<string, string>

describeEachDialect('service keys and machine tokens', (dialect) => {
  const house = useIdentityHouse(dialect, {
    env: {
      CLASPER_TENANT_JWT_SECRET: SECRET,
      INTERNAL_API_TOKEN: 'internal-token',
      CLASPER_DAEMON_ALLOWED_TENANTS: 'acme',
    },
  })
  const daemon = { 'x-agent-daemon-key': DAEMON_KEY }
  const call = async (path: string, headers: Sent, init: RequestInit = {}) => {
    const json = init.body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await fetch(`${house.console.url}${path}`, { ...init, headers: { ...json, ...headers } })
    return {
      status: reply.status,
      body: (await reply.json()) as Record<string, unknown> & { key: Record<string, unknown> },
    }
  }
  const who = (headers: Sent, query = '') => call(`/api/whoami${query}`, headers)
  const create = (body: object, headers: Sent = daemon) =>
    call('/keys', headers, { method: 'POST', body: JSON.stringify(body) })
  const made = async (body: object = {}) => {
    const reply = await create({ name: 'worker', scopes: ['read'], ...body })
    expect(reply.status).toBe(201)
    return { secret: String(reply.body['secret']), id: String(reply.body.key['id']) }
  }
  const tenantToken = (claims: object, secret = SECRET) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(house.clock.now().getTime() / 1000) + 3600)
      .sign(new TextEncoder().encode(secret))

  it('no credential is 401, a wrong one 403', async () => {
    expect(await who({})).toMatchObject({ status: 401, body: { code: 'missing_credentials' } })
    expect(await call('/keys', {})).toMatchObject({ status: 401, body: { code: 'missing_credentials' } })
    for (const key of ['wrong', `${DAEMON_KEY} `.repeat(2), newServiceKey().text]) {
      const reply = await call('/keys', { 'x-agent-daemon-key': key })
      expect(reply).toMatchObject({ status: 403, body: { error: 'Invalid daemon key', code: 'invalid_daemon_key' } })
    }
    expect(await call('/keys', { authorization: 'Bearer wrong' })).toMatchObject({ status: 403 })
    expect(
      await systemDb().auditEntry.count({ where: { tenantId: 'system', eventType: 'auth_failure' } }),
    ).toBeGreaterThan(0)
  })

  it('the bootstrap key acts at home and in its allowed tenants only', async () => {
    expect(await who(daemon)).toMatchObject({
      status: 200,
      body: { tenant_id: 'default', plane: 'service', actor: 'service:daemon' },
    })
    expect(await who(daemon, '?tenant_id=acme')).toMatchObject({ status: 200, body: { tenant_id: 'acme' } })
    expect(await who({ ...daemon, 'x-tenant-id': 'acme' })).toMatchObject({ body: { tenant_id: 'acme' } })
    expect(await who(daemon, '?tenant_id=globex')).toMatchObject({
      status: 403,
      body: { code: 'tenant_access_denied' },
    })
    expect(await who({ ...daemon, 'x-tenant-id': 'acme' }, '?tenant_id=default')).toMatchObject({
      status: 400,
      body: { code: 'conflicting_fields' },
    })
    expect(await who(daemon, '?tenant_id=acme&tenant_id=default')).toMatchObject({ status: 400 })
  })

  it('a key works in both headers, knows its scopes and is stored only as a hash', async () => {
    const { secret, id } = await made({ scopes: ['read', 'run'] })
    expect(secret).toMatch(/^clk_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}$/)
    for (const headers of [{ 'x-agent-daemon-key': secret }, { authorization: `Bearer ${secret}` }]) {
      expect(await who(headers)).toMatchObject({
        status: 200,
        body: { actor: 'service:worker', scopes: ['read', 'run'] },
      })
    }
    const row = await systemDb().serviceKey.findFirstOrThrow({ where: { id } })
    const audit = await systemDb().auditPayload.findMany({ where: { tenantId: 'default' } })
    for (const text of [
      JSON.stringify(row),
      JSON.stringify(audit, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ]) {
      expect(text).not.toContain(secret.slice(-20))
    }
    expect(audit.some(({ data }) => data.includes('api_key_created') && data.includes(id))).toBe(true)
  })

  it('a key without the scope is refused, named and audited', async () => {
    const { secret } = await made()
    const reply = await call('/keys', { 'x-agent-daemon-key': secret })
    expect(reply).toMatchObject({ status: 403, body: { code: 'permission_denied', scope: 'admin' } })
    const denied = await systemDb().auditEntry.findFirst({
      where: { tenantId: 'default', eventType: 'permission_denied' },
    })
    expect(denied).toMatchObject({ actor: 'service:worker' })
  })

  it('a key cannot grant what it does not hold', async () => {
    const { secret } = await made({ scopes: ['admin', 'read'] })
    const reply = await create({ name: 'more', scopes: ['run'] }, { authorization: `Bearer ${secret}` })
    expect(reply).toMatchObject({ status: 403, body: { code: 'permission_denied' } })
    expect((await create({ name: 'less', scopes: ['read'] }, { authorization: `Bearer ${secret}` })).status).toBe(201)
  })

  it('expires, even while it is remembered', async () => {
    const { secret } = await made({ expires_in_days: 1 })
    expect((await who({ 'x-agent-daemon-key': secret })).status).toBe(200)
    house.clock.advance(24 * 60 * MINUTE)
    expect((await who({ 'x-agent-daemon-key': secret })).status).toBe(403)
  })

  it('is revoked at once', async () => {
    const { secret, id } = await made()
    expect((await who({ 'x-agent-daemon-key': secret })).status).toBe(200)
    expect(await call(`/keys/${id}`, daemon, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { key: { state: 'revoked' } },
    })
    expect((await who({ 'x-agent-daemon-key': secret })).status).toBe(403)
    expect((await call(`/keys/${id}`, daemon, { method: 'DELETE' })).status).toBe(200)
    expect(await call(`/keys/${id}`, { ...daemon, 'x-tenant-id': 'acme' }, { method: 'DELETE' })).toMatchObject({
      status: 404,
    })
  })

  it('last use is written down in batches', async () => {
    const { secret, id } = await made()
    await who({ 'x-agent-daemon-key': secret })
    expect((await systemDb().serviceKey.findFirstOrThrow({ where: { id } })).lastUsedAt).toBeNull()
    await flushLastUsed()
    expect((await systemDb().serviceKey.findFirstOrThrow({ where: { id } })).lastUsedAt).toEqual(house.clock.now())
  })

  it('a tenant token runs and reads in its own tenant', async () => {
    const token = await tenantToken({ tenant_id: 'acme', user_id: 'u1' })
    expect(await who({ authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
      body: { tenant_id: 'acme', actor: 'user:u1', scopes: ['run', 'read'], workspace_ids: ['default'] },
    })
    expect(await who({ authorization: `Bearer ${token}` }, '?tenant_id=default')).toMatchObject({ status: 403 })
    expect(await who({ authorization: `Bearer ${token}`, 'x-workspace-id': 'other' })).toMatchObject({
      status: 403,
      body: { code: 'workspace_access_denied' },
    })
    expect(await call('/keys', { authorization: `Bearer ${token}` })).toMatchObject({ status: 403 })
    const agents = await tenantToken({ type: 'agent', tenant_id: 'acme', user_id: 'u1', agent_role: 'r' })
    expect((await who({ authorization: `Bearer ${agents}` })).status).toBe(401)
    const forged = await tenantToken({ tenant_id: 'acme', user_id: 'u1' }, 'x'.repeat(40))
    expect(await who({ authorization: `Bearer ${forged}` })).toMatchObject({
      status: 401,
      body: { code: 'missing_credentials' },
    })
  })

  it('agent and internal tokens belong to their own planes', async () => {
    const { env, clock } = kernel()
    const rules = { secret: env.AGENT_JWT_SECRET, algorithm: env.AGENT_JWT_ALGORITHM }
    const token = await issueAgentToken({ userId: 'u1', agentRole: 'scout', tenantId: 'acme' }, rules, clock)
    expect(await who({ 'x-agent-token': token })).toMatchObject({
      status: 200,
      body: { plane: 'agent', actor: 'agent:scout', tenant_id: 'acme' },
    })
    expect(await who({ 'x-agent-token': `${token.slice(0, -4)}aaaa` })).toMatchObject({ status: 401 })
    expect(await call('/keys', { authorization: `Bearer ${token}` })).toMatchObject({ status: 401 })
    house.clock.advance(2 * 60 * MINUTE + 31_000)
    expect(await who({ 'x-agent-token': token })).toMatchObject({ status: 401 })
    expect(await who({ 'x-internal-token': 'internal-token' })).toMatchObject({
      status: 200,
      body: { plane: 'internal' },
    })
    expect(await who({ 'x-internal-token': 'wrong' })).toMatchObject({ status: 403 })
  })
})

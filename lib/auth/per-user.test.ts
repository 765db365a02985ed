import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { newTenant } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'

type Sent = Record<string, string>

const aUser = () => `u-${uuidv7(Date.now())}`

describeEachDialect('keys whose tenants are their users', (dialect) => {
  const house = useIdentityHouse(dialect, { env: { CLASPER_DAEMON_TENANT_MODE: 'per_user' } })
  const daemon = { 'x-agent-daemon-key': DAEMON_KEY }
  const call = async (path: string, headers: Sent, body?: object) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await fetch(`${house.console.url}${path}`, { ...sent, headers: { ...json, ...headers } })
    return {
      status: reply.status,
      body: (await reply.json()) as Record<string, unknown> & { key: Record<string, unknown> },
    }
  }
  const who = (headers: Sent, query = '') => call(`/api/whoami${query}`, headers)
  const newKey = async (body: object = {}) => {
    const made = await call('/keys', daemon, {
      name: 'backend',
      scopes: ['admin', 'read'],
      tenant_mode: 'per_user',
      ...body,
    })
    expect(made).toMatchObject({ status: 201 })
    return { 'x-agent-daemon-key': String(made.body['secret']), id: String(made.body.key['id']) }
  }
  const holder = ({ 'x-agent-daemon-key': key }: Sent) => ({ 'x-agent-daemon-key': key ?? '' })
  const tenant = (id: string) => systemDb().tenant.findUnique({ where: { id } })
  const creations = async (id: string) =>
    (await systemDb().auditPayload.findMany({ where: { tenantId: id } })).filter(({ data }) =>
      data.includes('"tenant_created"'),
    )

  it('the user is the tenant, made and audited once at first use', async () => {
    const user = aUser()
    for (const query of [
      `?user_id=${user}`,
      `?userId=${user}`,
      `?user_id=${user}&tenant_id=${user}`,
      `?tenant_id=${user}`,
    ]) {
      expect(await who(daemon, query)).toMatchObject({
        status: 200,
        body: { tenant_id: user, tenant_mode: 'per_user' },
      })
    }
    expect(await tenant(user)).toMatchObject({ createdBy: 'key:daemon' })
    expect(await creations(user)).toHaveLength(1)
    const entry = await systemDb().auditEntry.findFirstOrThrow({ where: { tenantId: user } })
    expect(entry).toMatchObject({ eventType: 'config_change', entityId: user, actor: 'service:daemon' })
    expect((await who(daemon)).body).toMatchObject({
      tenant_id: 'default',
      allowed_tenants: expect.arrayContaining([user]),
    })
  })

  it('a user in a body is the tenant too, declared or not', async () => {
    const user = aUser()
    const made = await call('/keys', daemon, { name: 'of the user', scopes: ['read'], user_id: user })
    expect(made).toMatchObject({ status: 201, body: { key: { tenant_id: user } } })
    expect(await tenant(user)).toMatchObject({ createdBy: 'key:daemon' })
  })

  it.each(['', '..', 'a b', '/etc', 'x'.repeat(129), 'ü'])('%j is no tenant', async (user) => {
    const before = await systemDb().tenant.count()
    expect(await who(daemon, `?user_id=${encodeURIComponent(user)}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
    expect(await call('/keys', daemon, { name: 'n', scopes: ['read'], user_id: user })).toMatchObject({ status: 400 })
    expect(await systemDb().tenant.count()).toBe(before)
  })

  it.each([[7], [null], [{ a: 1 }], [['a', 'b']]])('%j in a body is refused', async (user_id) => {
    expect(await call('/keys', daemon, { name: 'n', scopes: ['read'], user_id })).toMatchObject({ status: 400 })
  })

  it('two users, or a user and another tenant, are a conflict', async () => {
    const [a, b] = [aUser(), aUser()]
    for (const query of [`?user_id=${a}&user_id=${b}`, `?user_id=${a}&tenant_id=${b}`]) {
      expect(await who(daemon, query)).toMatchObject({ status: 400, body: { code: 'conflicting_fields' } })
    }
    expect(await who({ ...daemon, 'x-tenant-id': b }, `?user_id=${a}`)).toMatchObject({ status: 400 })
    expect([await tenant(a), await tenant(b)]).toEqual([null, null])
  })

  it('what it has not created stays closed: strangers, homes, the system, the unknown', async () => {
    const { id } = await newTenant('stranger')
    const key = holder(await newKey())
    const theirs = aUser()
    await who(daemon, `?user_id=${theirs}`)
    for (const query of [id, 'default', 'system', theirs].map((name) => `?user_id=${name}`)) {
      expect(await who(key, query)).toMatchObject({ status: 403, body: { code: 'tenant_access_denied' } })
    }
    expect(await who(key, `?tenant_id=${theirs}`)).toMatchObject({ status: 403 })
    expect(await who(key, `?tenant_id=${aUser()}`)).toMatchObject({ status: 403 })
    expect(await who(key, '?tenant_id=default')).toMatchObject({ status: 200 })
  })

  it('of calls at the same moment one makes the tenant; of two keys one owns it', async () => {
    const [user, contested] = [aUser(), aUser()]
    const many = await Promise.all(Array.from({ length: 8 }, () => who(daemon, `?user_id=${user}`)))
    expect(many.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(await creations(user)).toHaveLength(1)
    const key = holder(await newKey())
    const both = await Promise.all([who(daemon, `?user_id=${contested}`), who(key, `?user_id=${contested}`)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403])
  })

  it('a successor inherits the tenants of its line', async () => {
    const { id, ...first } = await newKey()
    const user = aUser()
    await who(first, `?user_id=${user}`)
    const { POST } = await import('@/app/(api)/keys/[id]/rotate/route')
    const rotate = async (headers: Sent) => {
      const request = new Request(`${house.console.url}/keys/${id}/rotate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      })
      const reply = await POST(request, { params: { id } })
      return { status: reply.status, body: (await reply.json()) as { secret: string } }
    }
    expect((await rotate(holder(await newKey()))).status).toBe(403)
    const next = await rotate(first)
    expect(next.status).toBe(201)
    const later = aUser()
    const successor = { 'x-agent-daemon-key': next.body.secret }
    expect((await who(successor, `?user_id=${user}`)).status).toBe(200)
    expect((await who(successor, `?user_id=${later}`)).status).toBe(200)
    expect((await who(first, `?user_id=${later}`)).status).toBe(200)
  })

  it('only the bootstrap key and people with tenant:manage open tenants, and only their own', async () => {
    const wished = { name: 'n', scopes: ['read'] }
    const { id } = await newTenant('far')
    const admin = holder(await newKey({ tenant_mode: 'fixed' }))
    for (const more of [{ tenant_mode: 'per_user' }, { allowed_tenants: [id] }]) {
      expect((await call('/keys', admin, { ...wished, ...more })).status).toBe(403)
    }
    const bearer = async (claims: object, more: object) =>
      call(
        '/ops/api/keys',
        { authorization: `Bearer ${await house.idp.bearer('max', { ...claims })}` },
        { ...wished, ...more },
      )
    expect(await bearer({}, { allowed_tenants: ['globex', 'acme'] })).toMatchObject({
      status: 201,
      body: { key: { tenant_id: 'acme', allowed_tenants: ['globex'] } },
    })
    expect(await bearer({}, { allowed_tenants: [id] })).toMatchObject({
      status: 403,
      body: { code: 'tenant_access_denied' },
    })
    expect(await bearer({ roles: ['release_manager'] }, {})).toMatchObject({ status: 403 })
    expect(await bearer({}, { allowed_tenants: ['globex'], tenant_mode: 'per_user' })).toMatchObject({ status: 400 })
    expect(await bearer({}, { allowed_tenants: ['../x'] })).toMatchObject({ status: 400 })
    expect(await bearer({}, { tenant_mode: 'per_user' })).toMatchObject({ status: 201 })
    expect(await bearer({}, { name: 'Daemon' })).toMatchObject({ status: 400 })
  })

  it('a fixed key reaches its allowed tenants, and whoever does not may not renew it', async () => {
    const max = { authorization: `Bearer ${await house.idp.bearer('max')}` }
    const made = await call('/ops/api/keys', max, {
      name: 'wide',
      scopes: ['read', 'admin'],
      allowed_tenants: ['globex'],
    })
    const wide = { 'x-agent-daemon-key': String(made.body['secret']) }
    expect(await who(wide, '?tenant_id=globex')).toMatchObject({ status: 200, body: { tenant_id: 'globex' } })
    expect((await who(wide, '?tenant_id=default')).status).toBe(403)
    const path = `/ops/api/keys/${String(made.body.key['id'])}/rotate`
    const ada = { authorization: `Bearer ${await house.idp.bearer('ada')}` }
    expect(await call(path, ada, {})).toMatchObject({ status: 403, body: { code: 'tenant_access_denied' } })
    expect((await call(path, max, {})).status).toBe(201)
  })

  it('a first sign-in of an unknown tenant makes it, on record', async () => {
    const { signIn } = await import('@/lib/core/testing/browser')
    const name = aUser()
    house.idp.change('gina', { tenantId: name })
    await signIn(house.console.url, 'gina')
    await signIn(house.console.url, 'gina')
    expect(await tenant(name)).toMatchObject({ createdBy: 'user:gina' })
    expect(await creations(name)).toHaveLength(1)
    expect(kernel().env.CLASPER_DAEMON_TENANT_MODE).toBe('per_user')
  })
})

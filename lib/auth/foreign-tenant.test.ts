import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'

const aName = () => `t-${uuidv7(Date.now())}`

describeEachDialect('a tenant that is used without a row of its own', (dialect) => {
  const house = useIdentityHouse(dialect, { env: { CLASPER_DAEMON_ALLOWED_TENANTS: '*' } })
  const call = async (path: string, headers: Record<string, string>, body?: object) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const reply = await fetch(`${house.console.url}${path}`, {
      ...sent,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }
  const daemon = { 'x-agent-daemon-key': DAEMON_KEY }
  const perUserKey = async () => {
    const wish = { name: 'backend', scopes: ['admin', 'read'], tenant_mode: 'per_user' }
    const made = await call('/keys', daemon, wish)
    return { 'x-agent-daemon-key': String(made.body['secret']) }
  }
  const rowOf = (id: string) => systemDb().tenant.findUnique({ where: { id } })

  it('is not taken over by a key whose tenants are its users', async () => {
    const [victim, free] = [aName(), aName()]
    const theirs = { name: 'of the victim', scopes: ['read'] }
    expect((await call('/keys', { ...daemon, 'x-tenant-id': victim }, theirs)).status).toBe(201)
    const key = await perUserKey()
    for (const query of ['user_id', 'tenant_id']) {
      const reply = await call(`/keys?${query}=${victim}`, key)
      expect(reply).toMatchObject({ status: 403, body: { code: 'tenant_access_denied' } })
    }
    expect(await rowOf(victim)).toBeNull()
    expect((await call(`/keys?user_id=${free}`, key)).status).toBe(200)
  })

  it('belongs to whoever came first when it is claimed and used at the same moment', async () => {
    const key = await perUserKey()
    for (let round = 0; round < 8; round++) {
      const contested = aName()
      const used = scopeOf(identityOf(contested)).mutate({ event: 'config_change' }, async () => undefined)
      const [claim] = await Promise.all([call(`/keys?user_id=${contested}`, key), used])
      const first = await systemDb().auditEntry.findFirstOrThrow({ where: { tenantId: contested, seq: 1n } })
      const isClaimFirst = first.entityId === contested
      expect(claim.status).toBe(isClaimFirst ? 200 : 403)
    }
  })

  it('still gets its row from the first person who signs in', async () => {
    const { signIn } = await import('@/lib/core/testing/browser')
    const name = aName()
    await scopeOf(identityOf(name)).mutate({ event: 'config_change' }, async () => undefined)
    house.idp.change('gina', { tenantId: name })
    await signIn(house.console.url, 'gina')
    expect(await rowOf(name)).toMatchObject({ createdBy: 'user:gina' })
  })
})

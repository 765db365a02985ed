import { expect, it } from 'vitest'
import { createKey, revokeKey } from '@/lib/auth'
import { dateOf, fixedClock, systemClock } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { uuidv7 } from '@/lib/shared/id'
import { closeBreakGlass } from './receipts/close-break-glass'
import { openBreakGlass } from './receipts/open-break-glass'
import { whoCould } from './who-could'

const HOUR_MS = 3_600_000

describeEachDialect('who could have done this', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })

  const signIn = async (tenant: TestTenant, userId: string, role: string, over: object = {}) => {
    const now = clock.now()
    const later = dateOf(now.getTime() + 8 * HOUR_MS)
    const id = uuidv7(now.getTime())
    const known = { issuer: 'https://idp.example', sub: userId, userId, name: userId.toUpperCase(), roles: [role] }
    const times = { createdAt: now, lastSeenAt: now, expiresAt: later, idleExpiresAt: later, recheckAt: later }
    const place = { tenantId: tenant.id, id, idHash: `hash-${id}`, activeTenantId: tenant.id, allowedTenants: [] }
    await systemWrite(({ client }) =>
      client.opsSession.create({ data: { ...place, ...known, ...times, accessTokenEnc: 'sealed-token', ...over } }),
    )
    return id
  }
  const act = async (scope: Scope, event: Parameters<Scope['mutate']>[0]['event'], data: object = {}, place = {}) => {
    await scope.command({ audit: [{ event, data, ...place }] })
    const row = await systemDb().auditEntry.findFirstOrThrow({
      where: { tenantId: scope.tenantId },
      orderBy: { seq: 'desc' },
    })
    return Number(row.seq)
  }
  const people = (who: Awaited<ReturnType<typeof whoCould>>) => who.people.map((one) => one.user_id).sort()

  it('names the right, the roles and whoever was signed in with one of them, and nobody of elsewhere', async () => {
    const [tenant, other] = [await newTenant('a'), await newTenant('b')]
    for (const [name, role] of [
      ['vera', 'viewer'],
      ['omar', 'operator'],
      ['rosa', 'release_manager'],
      ['ada', 'admin'],
    ] as const)
      await signIn(tenant, name, role)
    await signIn(other, 'gina', 'admin')
    const rosa = scopeOf(identityOf(tenant.id, 'release_manager', { userId: 'rosa', actor: 'user:rosa' }))
    const seq = await act(rosa, 'config_change', { kind: 'retention_policy' })
    const who = await whoCould(tenant.as('operator'), seq)
    expect(who).toMatchObject({
      ...{ seq, event_type: 'config_change', kind: 'retention_policy', actor: 'user:rosa' },
      needs: { permissions: ['retention:modify'], scopes: ['write'] },
      roles: ['release_manager', 'admin'],
    })
    expect(people(who)).toEqual(['ada', 'rosa'])
    expect(who.people.filter((one) => one.is_actor).map((one) => one.user_id)).toEqual(['rosa'])
    expect(JSON.stringify(who)).not.toMatch(/gina|hash-|sealed-token|idp[.]example/)
  })

  it('asks what was held then: later, ended and lapsed sessions do not count', async () => {
    const tenant = await newTenant()
    await signIn(tenant, 'lapsed', 'admin', { idleExpiresAt: dateOf(clock.now().getTime() + 60_000) })
    await signIn(tenant, 'revoked', 'admin', { revokedAt: dateOf(clock.now().getTime() + 60_000) })
    const early = await act(tenant.scope, 'config_change', { kind: 'retention_policy' })
    clock.advance(HOUR_MS)
    await signIn(tenant, 'later', 'admin')
    const late = await act(tenant.scope, 'config_change', { kind: 'retention_policy' })
    expect(people(await whoCould(tenant.scope, early))).toEqual(['lapsed', 'revoked'])
    expect(people(await whoCould(tenant.scope, late))).toEqual(['later'])
  })

  it('counts a window while it was open, with the person who opened it', async () => {
    const tenant = await newTenant()
    const rosa = scopeOf(identityOf(tenant.id, 'release_manager', { userId: 'rosa', actor: 'user:rosa' }))
    const wish = { reason_code: 'hotfix', justification: 'production is down', minutes: 10 } as const
    const { receipt } = await openBreakGlass(rosa, { ...wish, permissions: ['trace:reveal'] })
    clock.advance(60_000)
    const inside = await act(tenant.scope, 'trace_revealed', { by: 'reveal' })
    await closeBreakGlass(tenant.scope, receipt.id)
    clock.advance(60_000)
    const outside = await act(tenant.scope, 'trace_revealed', { by: 'detail' })
    expect((await whoCould(tenant.scope, inside)).people).toMatchObject([
      { user_id: 'rosa', through: 'break_glass', break_glass_id: receipt.id, role: 'release_manager' },
    ])
    expect((await whoCould(tenant.scope, outside)).people).toEqual([])
  })

  it('names keys by what they may, where and when, and never their secret', async () => {
    const tenant = await newTenant()
    const made = async (name: string, scopes: ('read' | 'write')[], workspaces: string[] = []) =>
      createKey(tenant.scope, { name, scopes, workspace_ids: workspaces, expires_in_days: 1 })
    const [writer, reader, fenced] = [
      await made('writer', ['write']),
      await made('reader', ['read']),
      await made('fenced', ['write'], ['sales']),
    ]
    const place = { workspaceId: 'legal' }
    const first = await act(tenant.scope, 'config_change', { kind: 'reindex' }, place)
    clock.advance(1_000)
    await revokeKey(tenant.scope, writer.key.id)
    clock.advance(1_000)
    const second = await act(tenant.scope, 'config_change', { kind: 'reindex' })
    const who = await whoCould(tenant.scope, first)
    expect(who.keys.map(({ name }) => name)).toEqual(['writer'])
    for (const { secret, key } of [writer, reader, fenced]) {
      expect(JSON.stringify(who)).not.toContain(secret)
      expect(JSON.stringify(who)).not.toContain(key.prefix)
    }
    expect((await whoCould(tenant.scope, second)).keys.map(({ name }) => name)).toEqual(['fenced'])
  })

  it('does not know a foreign event, and speaks of the whole tenant to nobody who is limited to workspaces', async () => {
    const [tenant, other] = [await newTenant('a'), await newTenant('b')]
    const seq = await act(tenant.scope, 'config_change', { kind: 'boot' })
    await expect(whoCould(other.scope, seq)).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['sales'] }))
    await expect(whoCould(fenced, seq)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})

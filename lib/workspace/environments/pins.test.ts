import { expect, it } from 'vitest'
import { installKernel, kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useFolder } from '@/lib/core/testing/folder'
import {
  identityOf,
  newTenant,
  scopeOf,
  type TestTenant,
  testKernel,
  twoTenants,
  useKernel,
} from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { dropUnusedSnapshots, findUnusedSnapshots } from '@/lib/tracing'
import { changePin, policiesOf, resolveRun } from '..'
import { setCanary } from './canary'
import { pinHistory } from './pin-history'
import { initEnvironments, listEnvironments, saveEnvironment } from './save-environment'
import { getPin, listPins, removePin, setPin } from './set-pin'

const text = (soul: string) => ({ 'SOUL.md': soul })

describeEachDialect('pins', (dialect) => {
  const root = useFolder()
  const env = { CLASPER_WORKSPACES: root.at('tenants') }
  useKernel(dialect, { env })

  const withFolder = async (): Promise<TestTenant> => {
    const tenant = await newTenant()
    root.write({ [`tenants/${tenant.id}/default/SOUL.md`]: 'loose' })
    return tenant
  }
  const soulOf = async (scope: Scope, environment?: string) =>
    (await resolveRun(scope, { workspaceId: 'default', environment })).bundle.folder.texts.get('SOUL.md')
  const pinTo = (scope: Scope, hash: string, more: object = {}) =>
    setPin(scope, { workspace_id: 'default', version_hash: hash.slice(0, 16), ...more })
  const audited = async (tenant: TestTenant) =>
    (await systemDb().auditEntry.findMany({ where: { tenantId: tenant.id }, orderBy: { seq: 'asc' } })).map(
      ({ eventType }) => eventType,
    )

  it('bind: a run gets the version and nothing of the folder, until the pin is gone', async () => {
    const { scope } = await withFolder()
    const hash = await savedVersion(scope, 'default', text('pinned'))
    expect(await soulOf(scope)).toBe('loose')
    const { pin } = await pinTo(scope, hash)
    expect(pin).toMatchObject({ environment: 'default', version_hash: hash.slice(0, 16), revision: 1, canary: null })
    root.write({ [`tenants/${scope.tenantId}/default/SOUL.md`]: 'changed meanwhile' })
    const resolved = await resolveRun(scope, { workspaceId: 'default' })
    expect(resolved).toMatchObject({ environment: 'default', arm: null, pin: { id: pin.id, revision: 1 } })
    expect(resolved.bundle.hash).toBe(hash)
    expect([...resolved.bundle.folder.texts]).toEqual([['SOUL.md', 'pinned']])
    expect(await removePin(scope, { workspace_id: 'default' })).toEqual({ status: 'ok', deleted: true })
    expect(await soulOf(scope)).toBe('changed meanwhile')
    await expect(removePin(scope, { workspace_id: 'default' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(getPin(scope, { workspace_id: 'default' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('a version that cannot be loaded stops the run: the folder never stands in for it', async () => {
    const { scope } = await withFolder()
    const hash = await savedVersion(scope, 'default', text('gone soon'))
    await pinTo(scope, hash)
    const tenantId = scope.tenantId
    await kernel().db.writer.transaction(null, async ({ client }) => {
      await client.bundleFile.deleteMany({ where: { tenantId } })
      await client.bundleSnapshot.deleteMany({ where: { tenantId } })
    })
    const first = kernel()
    const second = installKernel(testKernel(first.db.url, { env }))
    try {
      const there = scopeOf(identityOf(tenantId))
      await expect(soulOf(there)).rejects.toMatchObject({ code: 'config_error' })
      await expect(policiesOf(there, 'default')).rejects.toMatchObject({ code: 'policy_unavailable' })
    } finally {
      installKernel(first)
      await second.stop()
    }
  })

  it('what is not named stays as it is, null takes away, and what nobody could run is refused', async () => {
    const { scope } = await withFolder()
    const [a, b] = [await savedVersion(scope, 'default', text('a')), await savedVersion(scope, 'default', text('b'))]
    await pinTo(scope, a, { model_pin: 'openai/gpt-4o-mini', reason: 'first' })
    const { pin } = await pinTo(scope, b)
    expect(pin).toMatchObject({ model_pin: 'openai/gpt-4o-mini', revision: 2 })
    expect((await pinTo(scope, b, { model_pin: null })).pin).toMatchObject({ model_pin: null, revision: 3 })
    const refused = { code: 'invalid_request' }
    await expect(pinTo(scope, 'f'.repeat(16))).rejects.toMatchObject(refused)
    await expect(pinTo(scope, b, { model_pin: 'nobody/nothing' })).rejects.toMatchObject(refused)
    await expect(pinTo(scope, b, { provider_pin: 'nobody' })).rejects.toMatchObject(refused)
    await expect(pinTo(scope, b, { model_pin: 'openai/gpt-4o', provider_pin: 'groq' })).rejects.toMatchObject(refused)
    await expect(pinTo(scope, b, { skill_pins: { nothing: '1.0.0' } })).rejects.toMatchObject(refused)
    expect((await getPin(scope, { workspace_id: 'default' })).pin.revision).toBe(3)
  })

  it('two changes at once: one is made, the other is told; every change is kept and audited', async () => {
    const tenant = await withFolder()
    const { scope } = tenant
    const hashes = await Promise.all(['a', 'b', 'c', 'd'].map((soul) => savedVersion(scope, 'default', text(soul))))
    const codes = await Promise.all(
      hashes.map((hash) =>
        pinTo(scope, hash).then(
          () => 'ok',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
    expect(codes.filter((code) => code === 'version_conflict')).toHaveLength(3)
    const { changes } = await pinHistory(scope, 'default', { limit: 50 })
    expect(changes).toHaveLength(1)
    expect((await audited(tenant)).filter((event) => event === 'workspace_change')).toHaveLength(1 + hashes.length)
    await expect(pinTo(scope, hashes[0] ?? '', { expected_revision: 0 })).rejects.toMatchObject({
      code: 'version_conflict',
      details: { revision: 1 },
    })
  })

  it('a revision never comes twice, also where a pin was taken away', async () => {
    const { scope } = await withFolder()
    const hash = await savedVersion(scope, 'default', text('a'))
    await pinTo(scope, hash)
    await removePin(scope, { workspace_id: 'default' })
    const { pin } = await pinTo(scope, hash)
    expect(pin.revision).toBe(3)
    const { changes, has_more: hasMore, next_cursor: cursor } = await pinHistory(scope, 'default', { limit: 2 })
    expect(changes.map(({ kind, revision }) => [kind, revision])).toEqual([
      ['pin', 3],
      ['unpin', 2],
    ])
    expect(changes[1]).toMatchObject({ before: { version_hash: hash.slice(0, 16) }, after: null })
    expect(hasMore && cursor).toBeTruthy()
    const [at, id] = JSON.parse(atob((cursor ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as [string, string]
    expect((await pinHistory(scope, 'default', { limit: 2, cursor: [at, id] })).changes).toMatchObject([
      { revision: 1 },
    ])
  })

  it('another instance sees a change at once', async () => {
    const { scope } = await withFolder()
    const [a, b] = [await savedVersion(scope, 'default', text('a')), await savedVersion(scope, 'default', text('b'))]
    await pinTo(scope, a)
    expect(await soulOf(scope)).toBe('a')
    const first = kernel()
    const second = installKernel(testKernel(first.db.url, { env }))
    try {
      const there = scopeOf(identityOf(scope.tenantId))
      expect(await soulOf(there)).toBe('a')
      installKernel(first)
      await pinTo(scope, b)
      installKernel(second)
      expect(await soulOf(there)).toBe('b')
    } finally {
      installKernel(first)
      await second.stop()
    }
  })

  it('a pin makes its environment, and runs that name none go on as before', async () => {
    const { scope } = await withFolder()
    const hash = await savedVersion(scope, 'default', text('for production'))
    await pinTo(scope, hash, { environment: 'prod' })
    expect(await soulOf(scope, 'prod')).toBe('for production')
    expect(await soulOf(scope)).toBe('loose')
    const { environments } = await listEnvironments(scope, { workspace_id: 'default' })
    expect(environments).toMatchObject([
      { environment: 'prod', is_default: false, version_hash: hash.slice(0, 16) },
      { environment: 'default', is_default: true, version_hash: null },
    ])
    await expect(soulOf(scope, 'production')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('in another tenant, another workspace and outside a fence nothing is seen and nothing changed', async () => {
    const [a, b] = await twoTenants()
    for (const { id } of [a, b]) root.write({ [`tenants/${id}/default/SOUL.md`]: 'loose' })
    const hash = await savedVersion(a.scope, 'default', text('of a'))
    await pinTo(a.scope, hash)
    await expect(pinTo(b.scope, hash)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(getPin(b.scope, { workspace_id: 'default' })).rejects.toMatchObject({ code: 'not_found' })
    expect((await listPins(b.scope, 'default')).pins).toEqual([])
    await savedVersion(a.scope, 'other', text('elsewhere'))
    await expect(setPin(a.scope, { workspace_id: 'other', version_hash: hash })).rejects.toMatchObject({
      code: 'invalid_request',
    })
    await expect(listPins(a.scope, 'nowhere')).rejects.toMatchObject({ code: 'not_found' })
    const fenced = scopeOf(identityOf(a.id, 'admin', { workspaceIds: ['other'] }))
    const outside = { code: 'workspace_access_denied' }
    await expect(pinTo(fenced, hash)).rejects.toMatchObject(outside)
    await expect(getPin(fenced, { workspace_id: 'default' })).rejects.toMatchObject(outside)
    await expect(listPins(fenced, 'default')).rejects.toMatchObject(outside)
    await expect(pinHistory(fenced, 'default', { limit: 1 })).rejects.toMatchObject(outside)
    await expect(saveEnvironment(fenced, { workspace_id: 'default', environment: 'dev' })).rejects.toMatchObject(
      outside,
    )
    await expect(initEnvironments(fenced, { workspace_id: 'default', default_env: 'dev' })).rejects.toMatchObject(
      outside,
    )
  })

  it('what was ever pinned is kept for whoever rolls back, also where nobody saved it and no run had it', async () => {
    const { scope } = await withFolder()
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((soul) => savedVersion(scope, 'default', text(soul))))
    await pinTo(scope, a ?? '')
    await setCanary(scope, 'default', { version_hash: b ?? '', percent: 1 })
    const { tenantId } = scope
    await kernel().db.writer.transaction(null, ({ client }) =>
      client.workspaceVersion.deleteMany({ where: { tenantId } }),
    )
    await removePin(scope, { workspace_id: 'default' })
    const later = storedTime(new Date(kernel().clock.now().getTime() + 60_000))
    expect(await findUnusedSnapshots(scope, later)).toEqual([c])
    const gone = await scope.mutate({ event: 'retention_enforced', entityId: 'x' }, (db) =>
      dropUnusedSnapshots(db, [a ?? '', b ?? '', c ?? ''], later),
    )
    expect(gone.snapshots).toBe(1)
  })

  it('changePin takes part in a larger transaction, and goes with it when that fails', async () => {
    const { scope } = await withFolder()
    const hash = await savedVersion(scope, 'default', text('a'))
    const next = { versionHash: hash, skillPins: {}, modelPin: null, providerPin: null, canary: null }
    const change = {
      ...{ workspaceId: 'default', environment: 'prod', expectedRevision: 0, next, kind: 'promotion' as const },
      ...{ by: scope.actor, byId: null, at: scope.clock.now(), promotionId: 'p1' },
    }
    const about = { event: 'workspace_change', entityId: 'x', data: { kind: 'promotion' } } as const
    const failing = scope.mutate(about, async (db) => {
      await changePin(db, change)
      throw new Error('something else')
    })
    await expect(failing).rejects.toThrow('something else')
    expect((await listPins(scope, 'default')).pins).toEqual([])
    expect(await scope.mutate(about, (db) => changePin(db, change))).toEqual({ revision: 1 })
    await expect(scope.mutate(about, (db) => changePin(db, change))).rejects.toMatchObject({ code: 'version_conflict' })
    const { changes } = await pinHistory(scope, 'default', { limit: 5, environment: 'prod' })
    expect(changes).toMatchObject([{ kind: 'promotion', promotion_id: 'p1' }])
  })
})

import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { choosePin, isLocked } from '..'
import type { EnvironmentBody } from '../contract/environments'
import { setCanary } from './canary'
import { initEnvironments, listEnvironments, saveEnvironment } from './save-environment'
import { removePin, setPin } from './set-pin'

const at = { workspace_id: 'w' }

describeEachDialect('environments', (dialect) => {
  useKernel(dialect)

  const save = (scope: Scope, environment: string, more: Partial<EnvironmentBody> = {}) =>
    saveEnvironment(scope, { ...at, environment, ...more })
  const init = (scope: Scope, wished = 'dev') => initEnvironments(scope, { ...at, default_env: wished })
  const defaults = async (scope: Scope) =>
    (await listEnvironments(scope, at)).environments.filter((row) => row.is_default).map((row) => row.environment)
  const kinds = async (tenant: TestTenant) =>
    (await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id } })).length
  const service = (tenant: TestTenant, ...scopes: ('write' | 'admin' | 'read')[]) =>
    scopeOf(
      identityOf(tenant.id, 'viewer', {
        plane: 'service',
        userId: null,
        scopes: new Set(scopes),
        permissions: new Set(),
      }),
    )

  it('begin with dev, staging and a locked prod, once', async () => {
    const { scope } = await newTenant()
    const made = [
      { environment: 'dev', is_default: true, locked: false },
      { environment: 'staging', is_default: false, locked: false },
      { environment: 'prod', is_default: false, locked: true },
    ]
    expect(await init(scope)).toEqual({ status: 'ok', environments: made })
    await save(scope, 'prod', { locked: false })
    await save(scope, 'staging', { is_default: true })
    const again = await init(scope, 'prod')
    expect(again.environments).toEqual([
      { ...made[0], is_default: false },
      { ...made[1], is_default: true },
      { ...made[2], locked: false },
    ])
    expect(await choosePin(scope, { workspaceId: 'w' })).toMatchObject({ environment: 'staging', versionHash: null })
  })

  it('always have exactly one default, also when several are made at once', async () => {
    const { scope } = await newTenant()
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(names.map((name) => save(scope, name, { is_default: name !== 'a' })))
    expect(await defaults(scope)).toHaveLength(1)
    await Promise.all(names.map((name) => save(scope, name, { is_default: true })))
    const [one, ...more] = await defaults(scope)
    expect(more).toEqual([])
    await expect(save(scope, one ?? '', { is_default: false })).rejects.toMatchObject({ code: 'invalid_request' })
    await Promise.all([init(scope), init(scope, 'prod'), save(scope, 'f', { is_default: false })])
    expect(await defaults(scope)).toEqual([one])
    const { environments } = await listEnvironments(scope, at)
    expect(environments.map((row) => row.environment)).toEqual(['dev', 'staging', 'prod', ...names, 'f'])
  })

  it('the first one is the default, whatever it says', async () => {
    const { scope } = await newTenant()
    const { environment } = await save(scope, 'qa', { is_default: false, description: 'ask ada@example.com' })
    expect(environment).toMatchObject({ environment: 'qa', is_default: true, locked: false, version_hash: null })
    expect(environment.description).not.toContain('ada@example.com')
    expect((await save(scope, 'qa')).environment.description).toBe(environment.description)
    expect((await save(scope, 'qa', { description: null })).environment.description).toBeNull()
    expect((await save(scope, 'qa')).environment).toMatchObject({ is_default: true })
  })

  it('are locked and unlocked by those who may, and a lock holds against every change of the pin', async () => {
    const tenant = await newTenant()
    const { scope } = tenant
    const [a, b] = [
      await savedVersion(scope, 'w', { 'SOUL.md': 'a' }),
      await savedVersion(scope, 'w', { 'SOUL.md': 'b' }),
    ]
    await init(scope)
    const denied = { code: 'permission_denied' }
    await expect(save(tenant.as('release_manager'), 'prod', { locked: false })).rejects.toMatchObject(denied)
    await expect(save(service(tenant, 'write'), 'prod', { locked: false })).rejects.toMatchObject(denied)
    await expect(save(service(tenant, 'write'), 'new', { locked: true })).rejects.toMatchObject(denied)
    await save(service(tenant, 'write'), 'prod', { locked: true, description: 'no change of the lock' })
    const locked = { code: 'environment_locked' }
    await expect(setPin(scope, { ...at, environment: 'prod', version_hash: a })).rejects.toMatchObject(locked)
    await expect(save(scope, 'prod', { version_hash: a })).rejects.toMatchObject(locked)
    await save(service(tenant, 'write', 'admin'), 'prod', { locked: false, version_hash: a })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'w/prod' })
    await save(scope, 'prod', { locked: true })
    await expect(removePin(scope, { ...at, environment: 'prod' })).rejects.toMatchObject(locked)
    await expect(setCanary(scope, 'w', { environment: 'prod', version_hash: b })).rejects.toMatchObject(locked)
    expect(await isLocked(scope.db, 'w', 'prod')).toBe(true)
    expect(await isLocked(scope.db, 'w', 'dev')).toBe(false)
    expect(await kinds(tenant)).toBeGreaterThan(0)
  })

  it('the version of an environment is that of its pin, and the rest of the pin stays', async () => {
    const { scope } = await newTenant()
    const [a, b] = [
      await savedVersion(scope, 'w', { 'SOUL.md': 'a' }),
      await savedVersion(scope, 'w', { 'SOUL.md': 'b' }),
    ]
    await setPin(scope, { ...at, environment: 'dev', version_hash: a, model_pin: 'openai/gpt-4o-mini' })
    const { environment } = await save(scope, 'dev', { version_hash: b })
    expect(environment).toMatchObject({
      version_hash: b.slice(0, 16),
      pin: { version_hash: b.slice(0, 16), model_pin: 'openai/gpt-4o-mini', revision: 2 },
    })
    await expect(save(scope, 'dev', { version_hash: a, expected_revision: 1 })).rejects.toMatchObject({
      code: 'version_conflict',
    })
    await expect(save(scope, 'dev', { version_hash: '0'.repeat(16) })).rejects.toMatchObject({
      code: 'invalid_request',
    })
    expect((await listEnvironments(scope, at)).environments[0]).toMatchObject({ version_hash: b.slice(0, 16) })
  })

  it('belong to their tenant', async () => {
    const [a, b] = await twoTenants()
    await init(a.scope)
    await expect(listEnvironments(b.scope, at)).rejects.toMatchObject({ code: 'not_found' })
    await init(b.scope, 'staging')
    expect(await defaults(a.scope)).toEqual(['dev'])
    expect(await defaults(b.scope)).toEqual(['staging'])
  })
})

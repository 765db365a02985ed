import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { endCanary, promoteCanary, setCanary } from './canary'
import { changePin } from './change-pin'
import { choosePin } from './choose-pin'
import { makeChange } from './pin-change'
import { readPin } from './read-pin'
import { listEnvironments, saveEnvironment } from './save-environment'
import { removePin, setPin } from './set-pin'

const GATED = 'environments:\n  prod:\n    approvals:\n      required: 1\n'

describeEachDialect('an environment with a gate', (dialect) => {
  useKernel(dialect)

  const versions = async (gates: string, name = 'gates.yaml') => {
    const { scope } = await newTenant()
    const old = await savedVersion(scope, 'default', { 'SOUL.md': 'one', [name]: gates })
    const next = await savedVersion(scope, 'default', { 'SOUL.md': 'two' })
    const pin = (environment: string, hash: string, more: object = {}) =>
      setPin(scope, { workspace_id: 'default', environment, version_hash: hash.slice(0, 16), ...more })
    return { scope, old, next, pin }
  }
  const blocked = { code: 'promotion_blocked', details: { environment: 'prod', gates: 'gates.yaml' } }
  const canaryByPromotion = (scope: Scope, old: string, next: string) =>
    scope.mutate({ event: 'workspace_change', data: { kind: 'promotion' } }, (db) =>
      changePin(db, {
        ...{ workspaceId: 'default', environment: 'prod', expectedRevision: 1, kind: 'promotion', promotionId: 'p1' },
        next: {
          ...{ versionHash: old, skillPins: {}, modelPin: null, providerPin: null },
          canary: { versionHash: next, percent: 5, users: [], startedAt: '2026-01-01T00:00:00.000Z' },
        },
        ...{ by: 'user:ada', byId: 'ada', at: scope.clock.now() },
      }),
    )

  it('is entered by promotion alone, whichever way somebody tries', async () => {
    const { scope, old, next, pin } = await versions(GATED)
    await pin('prod', old)
    await expect(pin('prod', next)).rejects.toMatchObject(blocked)
    await expect(pin('prod', old, { model_pin: 'demo/other' })).rejects.toMatchObject({ code: expect.any(String) })
    const at = { workspace_id: 'default', environment: 'prod' }
    await expect(removePin(scope, at)).rejects.toMatchObject(blocked)
    await expect(saveEnvironment(scope, { ...at, version_hash: next.slice(0, 16) })).rejects.toMatchObject(blocked)
    const canary = { environment: 'prod', version_hash: next.slice(0, 16), percent: 1 }
    await expect(setCanary(scope, 'default', canary)).rejects.toMatchObject(blocked)
    await expect(pin('dev', old)).resolves.toMatchObject({ status: 'ok' })
    await expect(pin('dev', next)).resolves.toMatchObject({ status: 'ok' })
  })

  it('says so of itself, and of no other', async () => {
    const { scope, old, next, pin } = await versions(GATED)
    await pin('prod', old)
    await pin('dev', next)
    const gates = async () =>
      (await listEnvironments(scope, { workspace_id: 'default' })).environments.flatMap(({ environment, gated }) =>
        gated ? [environment] : [],
      )
    expect(await gates()).toEqual(['prod'])
    const at = { workspace_id: 'default', environment: 'prod', description: 'For everybody' }
    expect((await saveEnvironment(scope, at)).environment).toMatchObject({ gated: true })
  })

  it('lets what came in through it grow, end and become all', async () => {
    const { scope, old, next, pin } = await versions(GATED)
    await pin('prod', old)
    await canaryByPromotion(scope, old, next)
    const more = await setCanary(scope, 'default', { environment: 'prod', percent: 50 })
    expect(more.pin.canary).toMatchObject({ percent: 50 })
    const whole = await promoteCanary(scope, 'default', { environment: 'prod' })
    expect(whole.pin).toMatchObject({ version_hash: next.slice(0, 16), canary: null })
    await expect(endCanary(scope, 'default', { environment: 'prod' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each([
    ['no YAML', '{ environments: ['],
    ['a list', '- prod'],
    ['environments that are no map', 'environments: prod'],
    ['a name that nobody reads', 'environments: {}', 'Gates.yml'],
  ])('counts as gated where the file is %s', async (_, gates, name = 'gates.yaml') => {
    const { old, next, pin } = await versions(gates, name)
    await pin('prod', old)
    await expect(pin('prod', next)).rejects.toMatchObject(blocked)
  })

  it('is asked of what is pinned now, whatever revision the caller hopes for', async () => {
    const { scope, old, next, pin } = await versions(GATED)
    const plain = await savedVersion(scope, 'default', { 'SOUL.md': 'zero' })
    await pin('prod', plain)
    const seen = await readPin(scope, 'default', 'prod')
    await canaryByPromotion(scope, old, next)
    // Looked at before the promotion that brought the gate, written after it.
    const late = { versionHash: next, skillPins: {}, modelPin: null, providerPin: null, canary: null }
    const place = { workspaceId: 'default', environment: 'prod' }
    await expect(
      makeChange(scope, { ...place, seen, expected: 2, next: late, kind: 'pin', told: 'pin_set' }),
    ).rejects.toMatchObject({ code: 'version_conflict' })
    expect(await readPin(scope, 'default', 'prod')).toMatchObject({ versionHash: old, revision: 2 })
    await expect(pin('prod', plain)).rejects.toMatchObject(blocked)
  })

  it('stays the one of whoever names none, until somebody who may lock says otherwise', async () => {
    const { scope, old, next, pin } = await versions(GATED)
    const manager = scopeOf(identityOf(scope.tenantId, 'release_manager'))
    const at = { workspace_id: 'default' }
    const evil = { ...at, environment: 'mine', version_hash: next.slice(0, 16), is_default: true }
    await saveEnvironment(scope, { ...at, environment: 'prod', is_default: true })
    await pin('prod', old)
    await expect(saveEnvironment(manager, evil)).rejects.toMatchObject({ code: 'permission_denied' })
    expect(await choosePin(scope, { workspaceId: 'default' })).toMatchObject({ environment: 'prod', versionHash: old })
    await saveEnvironment(manager, { ...evil, is_default: false })
    await saveEnvironment(scope, evil)
    expect(await choosePin(scope, { workspaceId: 'default' })).toMatchObject({ environment: 'mine' })
    await saveEnvironment(manager, { ...at, environment: 'other', is_default: true })
    await saveEnvironment(scope, { ...at, environment: 'other', locked: true })
    await expect(saveEnvironment(manager, evil)).rejects.toMatchObject({ code: 'permission_denied' })
    await saveEnvironment(manager, { ...at, environment: 'other', is_default: true })
  })
})

import { describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { make, move, publish } from '@/lib/core/testing/skill-versions'
import { contentHashOf } from './content-hash'
import { getSkill, listVersions, skillState, skillsByState } from './get-skill'
import { listRegistry, opsListRegistry } from './list-registry'
import { promoteSkill } from './promote-skill'
import { registrySkillsFor } from './registry-skills'

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
const PAGE = { limit: 50, offset: 0 }

describeEachDialect('the registry', (dialect) => {
  useKernel(dialect, { clock })

  describe('publishing', () => {
    it('keeps a version as a draft, with its hashes and one audit row', async () => {
      const tenant = await newTenant()
      const { status, skill } = await publish(tenant.scope, 'sum', '1.2.0')
      expect({ status, skill }).toMatchObject({
        status: 'ok',
        skill: { name: 'sum', version: '1.2.0', state: 'draft', published_by: tenant.scope.actor, signed_by: null },
      })
      expect(await tenant.audits()).toMatchObject([{ eventType: 'skill_published', entityId: 'sum@1.2.0' }])
      const read = (await getSkill(tenant.scope, 'sum', '1.2.0')).skill
      expect(contentHashOf(read.manifest)).toBe(skill.content_hash)
    })

    it('is for good: the same again is refused, and the first stays', async () => {
      const tenant = await newTenant()
      await publish(tenant.scope, 'sum')
      await expect(publish(tenant.scope, 'sum', '1.0.0', { tags: ['other'] })).rejects.toMatchObject({
        code: 'version_exists',
        message: 'Skill sum@1.0.0 already exists. Versions are immutable.',
      })
      expect((await getSkill(tenant.scope, 'sum', '1.0.0')).skill.manifest).not.toHaveProperty('tags')
      expect(await tenant.audits()).toHaveLength(1)
    })

    it('lets one of many at once win', async () => {
      const tenant = await newTenant()
      const all = await Promise.allSettled(
        Array.from({ length: 8 }, (_, at) => publish(tenant.scope, 'race', '1.0.0', { tags: [`t${at}`] })),
      )
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'version_exists' })
      expect(await tenant.audits()).toHaveLength(1)
    })

    it('is the tenant’s own, and not for whoever is fenced to workspaces', async () => {
      const [a, b] = await twoTenants()
      await publish(a.scope, 'sum')
      await publish(b.scope, 'sum')
      await expect(getSkill(b.scope, 'sum', '2.0.0')).rejects.toMatchObject({ code: 'not_found' })
      const fenced = scopeOf(identityOf(a.id, 'admin', { workspaceIds: ['sales'] }))
      await expect(publish(fenced, 'other')).rejects.toMatchObject({ code: 'workspace_access_denied' })
      await expect(move(fenced, 'sum', '1.0.0', 'deprecated')).rejects.toMatchObject({
        code: 'workspace_access_denied',
      })
    })
  })

  describe('reading', () => {
    it('without a version gives the highest active one by its numbers, else the highest of all', async () => {
      const tenant = await newTenant()
      await make(tenant, 'sum', '1.9.0', 'active')
      await make(tenant, 'sum', '1.10.0', 'active')
      await make(tenant, 'sum', '1.11.0', 'approved')
      expect((await getSkill(tenant.scope, 'sum', undefined)).skill).toMatchObject({
        version: '1.10.0',
        state: 'active',
      })
      await make(tenant, 'new', '0.9.0', 'draft')
      await make(tenant, 'new', '0.10.0', 'draft')
      expect((await getSkill(tenant.scope, 'new', undefined)).skill).toMatchObject({
        version: '0.10.0',
        state: 'draft',
      })
      expect((await getSkill(tenant.scope, 'sum', '1.9.0')).skill.version).toBe('1.9.0')
      expect(await listVersions(tenant.scope, 'sum')).toMatchObject({ versions: ['1.11.0', '1.10.0', '1.9.0'] })
    })

    it('answers for a foreign tenant as for nobody', async () => {
      const [a, b] = await twoTenants()
      await make(a, 'own', '1.0.0', 'active')
      const asked = [
        () => getSkill(b.scope, 'own', undefined),
        () => getSkill(b.scope, 'own', '1.0.0'),
        () => listVersions(b.scope, 'own'),
        () => skillState(b.scope, 'own', '1.0.0'),
        () => promoteSkill(b.scope, 'own', '1.0.0', { target_state: 'deprecated' }),
      ]
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'not_found' })
      expect(await listRegistry(b.scope, PAGE)).toEqual({ skills: [], total: 0, has_more: false })
      expect((await skillsByState(b.scope, { state: 'active', limit: 10 })).count).toBe(0)
      expect(await registrySkillsFor(b.scope, { own: '1.0.0' })).toMatchObject({ skills: [], versions: {} })
    })

    it('lists the latest of each name without deprecated ones, searched and paged in the database', async () => {
      const tenant = await newTenant()
      await make(tenant, 'alpha', '1.0.0', 'draft')
      await make(tenant, 'alpha', '1.10.0', 'draft')
      await make(tenant, 'alpha', '1.9.0', 'draft')
      await make(tenant, 'alpha', '2.0.0', 'deprecated')
      await make(tenant, 'beta', '1.0.0', 'deprecated')
      await make(tenant, 'gamma', '1.0.0', 'active', { description: 'Counts 100% of_ALL beans' })
      await make(tenant, 'delta', '1.0.0', 'draft')
      const names = (page: Awaited<ReturnType<typeof listRegistry>>) =>
        page.skills.map((one) => `${one.name}@${one.version}`)
      const all = await listRegistry(tenant.scope, PAGE)
      expect(names(all)).toEqual(['alpha@1.10.0', 'delta@1.0.0', 'gamma@1.0.0'])
      const second = await listRegistry(tenant.scope, { limit: 1, offset: 1 })
      expect([names(second), second.total, second.has_more]).toEqual([['delta@1.0.0'], 3, true])
      expect((await listRegistry(tenant.scope, { limit: 2, offset: 1 })).has_more).toBe(false)
      for (const q of ['beans counts', '100%', 'OF_all', 'gam'])
        expect([q, names(await listRegistry(tenant.scope, { ...PAGE, q }))]).toEqual([q, ['gamma@1.0.0']])
      for (const q of ["' OR 1=1", 'beans alpha', '1%0', 'o_all!', '\\', '%'.repeat(3)])
        expect([q, (await listRegistry(tenant.scope, { ...PAGE, q })).total]).toEqual([q, 0])
    })

    it('by state and one by one', async () => {
      const tenant = await newTenant()
      await make(tenant, 'sum', '1.0.0', 'active')
      await make(tenant, 'sum', '1.1.0', 'draft')
      expect(await skillState(tenant.scope, 'sum', '1.0.0')).toMatchObject({ state: 'active', is_executable: true })
      expect(await skillState(tenant.scope, 'sum', '1.1.0')).toMatchObject({ state: 'draft', is_executable: false })
      const { skills, count } = await skillsByState(tenant.scope, { state: 'draft', limit: 10 })
      expect([count, skills.map(({ version }) => version)]).toEqual([1, ['1.1.0']])
    })
  })

  describe('in the console', () => {
    it('shows where a skill is pinned and what it may do, within the reader’s workspaces', async () => {
      const tenant = await newTenant()
      await make(tenant, 'sum', '1.0.0', 'active', { permissions: { tools: ['read'] } })
      await make(tenant, 'sum', '1.1.0', 'draft', { permissions: { tools: ['read', 'write'] } })
      const pin = (workspaceId: string) => ({
        ...{ tenantId: tenant.id, workspaceId, environment: 'prod', id: workspaceId, revision: 1, versionHash: 'x' },
        ...{ skillPins: { sum: '1.0.0' }, pinnedBy: 'x', pinnedAt: clock.now() },
      })
      await systemWrite(({ client }) => client.workspacePin.createMany({ data: [pin('sales'), pin('secret')] }))
      const { skills } = await opsListRegistry(tenant.scope, PAGE)
      expect(skills).toMatchObject([
        {
          ...{ name: 'sum', version: '1.1.0', state: 'draft', permissions: ['read', 'write'], usage_count: 0 },
          permission_diff: { added: ['write'], removed: [] },
          environments: [{ workspace_id: 'sales' }, { workspace_id: 'secret' }],
        },
      ])
      const fenced = scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['sales'] }))
      expect((await opsListRegistry(fenced, PAGE)).skills[0]?.environments).toEqual([
        { workspace_id: 'sales', environment: 'prod', version: '1.0.0' },
      ])
    })
  })
})

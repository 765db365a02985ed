import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { DbStats } from './contract'
import { dbStats } from './db-stats'

const AUDITS = 3

const wrote = async (tenant: TestTenant) => {
  for (let i = 0; i < AUDITS; i += 1) await tenant.scope.mutate({ event: 'config_change' }, async () => undefined)
}

describeEachDialect('the size of the database', (dialect) => {
  useKernel(dialect)

  it("counts the tenant's rows and nobody else's", async () => {
    const [one, other] = [await newTenant(), await newTenant()]
    await wrote(one)
    const stats = DbStats.parse(await dbStats(one.scope))
    expect(stats.tables['AuditEntry']).toBe(AUDITS)
    expect(stats.stats.tables).toContainEqual({ name: 'AuditEntry', row_count: AUDITS })
    expect(stats.tables).not.toHaveProperty('Tenant')
    expect(DbStats.parse(await dbStats(other.scope)).tables['AuditEntry']).toBe(0)
    expect(stats.size_bytes).toBeGreaterThan(0)
    expect(stats.path === null).toBe(dialect === 'postgresql')
    expect(stats.path ?? '').not.toContain('/')
  })

  it('counts all rows for who serves every tenant', async () => {
    const [one, other] = [await newTenant(), await newTenant()]
    await wrote(one)
    await wrote(other)
    const wide = scopeOf(identityOf(one.id, 'admin', { allowedTenants: '*' }))
    const { tables } = DbStats.parse(await dbStats(wide))
    expect(tables['AuditEntry']).toBeGreaterThanOrEqual(2 * AUDITS)
    expect(tables['Tenant']).toBeGreaterThanOrEqual(2)
  })

  it('is shut to who is limited to workspaces', async () => {
    const { id } = await newTenant()
    const fenced = scopeOf(identityOf(id, 'admin', { workspaceIds: ['shop'] }))
    await expect(dbStats(fenced)).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})

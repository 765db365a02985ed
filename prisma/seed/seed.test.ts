import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { verifyAudit } from '@/lib/governance'
import { seed } from '.'

describeEachDialect('the demo story', (dialect) => {
  useKernel(dialect)

  it('is told once, in the past, and its audit log verifies', { timeout: 30_000 }, async () => {
    const kernelBefore = kernel()
    expect((await seed('demo')).map((result) => result.told)).toEqual([true, true])
    expect((await seed('demo')).map((result) => result.told)).toEqual([false, false])
    expect(kernel()).toBe(kernelBefore)
    const entries = await systemDb().auditEntry.findMany({ where: { tenantId: 'acme' }, orderBy: { seq: 'asc' } })
    expect(entries.length).toBeGreaterThan(60)
    expect(entries.every((entry) => entry.createdAt <= kernel().clock.now())).toBe(true)
    expect(new Set(entries.map((entry) => entry.createdAt.getUTCHours())).size).toBeGreaterThan(20)
    expect((await verifyAudit(scopeOf(identityOf('acme')))).failures).toEqual([])
    expect((await scopeOf(identityOf('acme')).db.serviceKey.findMany()).length).toBe(5)
  })

  it('refuses a scenario that does not exist', async () => {
    await expect(seed('nothing')).rejects.toThrow('no scenario')
  })
})

import { expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { writeStatement } from '@/lib/core/statement'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import type { Override } from '../contract/receipt'
import { overrideWrites, recordOverride } from './override-writes'

const WHY: Override = { reason_code: 'hotfix', justification: 'production is down since noon' }

const use = (override: Override = WHY) => ({ override, action: 'retention:modify', targetId: 'policy-1' })

const receiptsOf = (tenantId: string) => systemDb().receipt.findMany({ where: { tenantId } })
const dataOf = async (tenantId: string) => {
  const rows = await systemDb().auditEntry.findMany({ where: { tenantId, eventType: 'ops_override_used' } })
  const payloads = await systemDb().auditPayload.findMany({
    where: { tenantId, seq: { in: rows.map((row) => row.seq) } },
  })
  return payloads.map(({ data }) => JSON.parse(data ?? '{}') as Record<string, unknown>)
}

const never = writeStatement('test.never', {
  sqlite: `UPDATE "Tenant" SET "name" = "name" FROM json_each(:rows) WHERE 1 = 0 RETURNING "Tenant"."id"`,
  postgresql: `UPDATE "Tenant" SET "name" = "name" FROM json_array_elements(:rows::json) WHERE 1 = 0 RETURNING "Tenant"."id"`,
})

const act = (scope: Scope, override?: Override, fails = false) =>
  scope.mutate({ event: 'config_change', data: { kind: 'boot' } }, async (db) => {
    const id = await recordOverride(scope, db, use(override))
    if (fails) throw new Error('the action fails')
    return id
  })

describeEachDialect('an override', (dialect) => {
  useKernel(dialect)

  it('leaves a receipt and an audit row in the transaction of the action', async () => {
    const tenant = await newTenant()
    const scope = tenant.as('release_manager')
    const id = await act(scope)
    const [row] = await receiptsOf(tenant.id)
    expect(row).toMatchObject({
      ...{ id, kind: 'override', actor: scope.actor, userId: scope.identity.userId, role: 'release_manager' },
      ...{ action: 'retention:modify', targetId: 'policy-1', reasonCode: 'hotfix', justification: WHY.justification },
    })
    expect(Number(row?.dueAt) - Number(row?.createdAt)).toBe(86_400_000)
    expect(await dataOf(tenant.id)).toEqual([
      expect.objectContaining({
        ...{ role: 'release_manager', action: 'retention:modify', target_id: 'policy-1', reason_code: 'hotfix' },
        ...{ justification: WHY.justification, receipt_id: id, entity_id: id, timestamp: row?.createdAt.toISOString() },
        actor: expect.any(String),
      }),
    ])
  })

  it('leaves nothing where the action fails, in a transaction or in a command', async () => {
    const tenant = await newTenant()
    const scope = tenant.as('release_manager')
    await expect(act(scope, WHY, true)).rejects.toThrow('the action fails')
    const { writes, audits } = overrideWrites(scope, use())
    const refused = { statement: never, rows: [{}], guard: true }
    expect(await scope.command({ audit: audits, writes: [refused, ...writes] })).toMatchObject({ applied: false })
    expect(await receiptsOf(tenant.id)).toEqual([])
    expect(await tenant.audits()).toEqual([])
    await scope.command({ audit: audits, writes })
    expect(await receiptsOf(tenant.id)).toHaveLength(1)
  })

  it('needs override:use and a person: no role below, no key and no adapter has it', async () => {
    const tenant = await newTenant()
    const held = identityOf(tenant.id, 'admin')
    const keyed = { ...held, plane: 'service' as const }
    const nameless = { ...held, userId: null }
    for (const scope of [tenant.as('viewer'), tenant.as('operator'), scopeOf(keyed), scopeOf(nameless)])
      await expect(act(scope)).rejects.toMatchObject({
        code: 'permission_denied',
        details: { permission: 'override:use', required_roles: ['release_manager', 'admin'] },
      })
    expect(await receiptsOf(tenant.id)).toEqual([])
  })

  it('needs a reason that says something, and a time that has not passed', async () => {
    const tenant = await newTenant()
    const scope = tenant.as('admin')
    const past = scope.clock.now().toISOString()
    for (const bad of [
      { ...WHY, justification: '123456789' },
      { ...WHY, justification: `   ${'x'.repeat(9)}                 ` },
      { ...WHY, reason_code: 'because' },
      { reason_code: 'hotfix' },
      { ...WHY, expires_at: 'tomorrow' },
      { ...WHY, expires_at: past },
    ])
      await expect(act(scope, bad as Override)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(await receiptsOf(tenant.id)).toEqual([])
    const until = new Date(Date.parse(past) + 60_000)
    await act(scope, { ...WHY, expires_at: until.toISOString() })
    expect(await receiptsOf(tenant.id)).toMatchObject([{ expiresAt: until }])
  })

  it('takes who and in which role from the principal, whatever the body says, and keeps no secret', async () => {
    const tenant = await newTenant()
    const scope = tenant.as('release_manager')
    const forged = { ...WHY, justification: 'mail ada@example.com at once', actor: 'user:ada', role: 'admin' }
    await act(scope, forged)
    expect(await receiptsOf(tenant.id)).toMatchObject([
      { actor: scope.actor, role: 'release_manager', justification: 'mail [EMAIL] at once' },
    ])
    expect(JSON.stringify(await dataOf(tenant.id))).not.toMatch(/user:ada|ada@example|"admin"/)
  })
})

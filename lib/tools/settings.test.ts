import { beforeEach, describe, expect, test } from 'vitest'
import { kernel } from '../core/kernel'
import { DIALECTS } from '../core/migrate/schema-source'
import { newTenant, type TestTenant, useKernel } from '../core/testing/kernel'
import { opsPutToolSettings } from './contract'
import { changeToolSettings, toolSettings } from './settings'
import { readSettings } from './store'

describe.each(DIALECTS)('tool settings on %s', (dialect) => {
  useKernel(dialect)
  let tenant: TestTenant
  beforeEach(async () => {
    tenant = await newTenant()
  })

  test('at first everything is allowed and nothing denied', async () => {
    expect(await toolSettings(tenant.scope)).toEqual({
      tenant_id: tenant.id,
      allowed_tools: '*',
      denied_tools: [],
      updated_at: null,
    })
    expect(await readSettings(tenant.scope)).toMatchObject({ allowed: '*', denied: [] })
  })

  test('a change keeps what it does not name, is audited once and is read by runs', async () => {
    await changeToolSettings(tenant.scope, { allowed_tools: ['a', 'ns:*', 'a'] })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'settings:tools' })
    await changeToolSettings(tenant.scope, { denied_tools: ['ns:x'] })
    const view = await toolSettings(tenant.scope)
    expect(view).toMatchObject({ allowed_tools: ['a', 'ns:*'], denied_tools: ['ns:x'] })
    expect(view.updated_at).not.toBeNull()
    expect(await readSettings(tenant.scope)).toMatchObject({ allowed: ['a', 'ns:*'], denied: ['ns:x'] })
    await changeToolSettings(tenant.scope, { allowed_tools: '*' })
    expect(await readSettings(tenant.scope)).toMatchObject({ allowed: '*', denied: ['ns:x'] })
    await changeToolSettings(tenant.scope, { allowed_tools: [] })
    expect(await readSettings(tenant.scope)).toMatchObject({ allowed: [] })
    expect(await tenant.audits()).toHaveLength(4)
  })

  test('changes at once lose nothing of each other', async () => {
    for (let i = 0; i < 10; i++) {
      await Promise.all([
        changeToolSettings(tenant.scope, { allowed_tools: [`a${i}`] }),
        changeToolSettings(tenant.scope, { denied_tools: [`b${i}`] }),
      ])
      expect(await toolSettings(tenant.scope)).toMatchObject({ allowed_tools: [`a${i}`], denied_tools: [`b${i}`] })
    }
    expect(await tenant.audits()).toHaveLength(20)
  })

  test('another tenant keeps its own', async () => {
    const other = await newTenant('other')
    await changeToolSettings(tenant.scope, { allowed_tools: [], denied_tools: ['*'] })
    expect(await toolSettings(other.scope)).toMatchObject({ tenant_id: other.id, allowed_tools: '*' })
    expect(await readSettings(other.scope)).toMatchObject({ allowed: '*' })
    expect(await other.audits()).toEqual([])
  })

  test.each([[{}], ['many'], [[1]], [null]])('a row that holds %j permits nothing', async (allowedTools) => {
    const values = { deniedTools: [], updatedAt: kernel().clock.now(), tenantId: tenant.id }
    await kernel().db.writer.transaction(null, (tx) =>
      tx.client.tenantSettings.create({ data: { ...values, allowedTools: allowedTools ?? 0 } }),
    )
    expect(await readSettings(tenant.scope)).toMatchObject({ allowed: [], denied: ['*'] })
  })
})

test.each([
  {},
  { allowed_tools: null },
  { allowed_tools: 'ns:*' },
  { allowed_tools: [''] },
  { allowed_tools: ['a b'] },
  { allowed_tools: ['n*'] },
  { denied_tools: '*' },
  { denied_tools: [4] },
  { denied_tools: Array(1_001).fill('a') },
])('%j is refused', (body) => {
  expect(opsPutToolSettings.body.safeParse(body).success).toBe(false)
})

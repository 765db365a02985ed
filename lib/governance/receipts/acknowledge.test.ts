import { expect, it } from 'vitest'
import { fixedClock, systemClock } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { overview } from '@/lib/jobs'
import { ReceiptFilter } from '../contract/receipt'
import { acknowledgeReceipt } from './acknowledge-receipt'
import { getReceipt } from './get-receipt'
import { listReceipts } from './list-receipts'
import { openBreakGlass } from './open-break-glass'
import { overrideWrites } from './override-writes'
import { revealWrites } from './reveal-writes'

const DAY_MS = 86_400_000
const WHY = { reason_code: 'hotfix', justification: 'production is down since noon' } as const
const WISH = { ...WHY, permissions: ['job:manage' as const], minutes: 5 }

const overrideBy = async (scope: Scope, workspaceId?: string): Promise<string> => {
  const place = workspaceId === undefined ? {} : { workspaceId }
  const { id, writes, audits } = overrideWrites(scope, { override: WHY, action: 'x', targetId: null, ...place })
  await scope.command({ audit: audits, writes })
  return id
}
const asked = (over: object = {}) => ReceiptFilter.parse(over)
const named = (tenant: TestTenant, name: string, over: object = {}) =>
  scopeOf(identityOf(tenant.id, 'release_manager', { userId: name, actor: `user:${name}`, ...over }))

describeEachDialect('a second person', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })

  it('acknowledges once, with a row in the audit log; the first person never does', async () => {
    const tenant = await newTenant()
    const [rosa, rolf] = [named(tenant, 'rosa'), named(tenant, 'rolf')]
    const id = await overrideBy(rosa)
    await expect(acknowledgeReceipt(rosa, id, {})).rejects.toMatchObject({ code: 'permission_denied' })
    await expect(acknowledgeReceipt(named(tenant, 'nobody', { userId: null }), id, {})).rejects.toMatchObject({
      code: 'permission_denied',
    })
    const { receipt } = await acknowledgeReceipt(rolf, id, { note: 'seen, ask bob@example.com' })
    expect(receipt).toMatchObject({ state: 'acknowledged', acknowledged_by: 'user:rolf', note: 'seen, ask [EMAIL]' })
    expect(await tenant.lastAudit()).toMatchObject({
      eventType: 'receipt_acknowledged',
      entityId: id,
      actor: 'user:rolf',
    })
    await expect(acknowledgeReceipt(named(tenant, 'third'), id, {})).rejects.toMatchObject({ code: 'already_resolved' })
    expect((await tenant.audits()).filter((row) => row.eventType === 'receipt_acknowledged')).toHaveLength(1)
  })

  it('is one of many who click at the same moment', async () => {
    const tenant = await newTenant()
    const id = await overrideBy(named(tenant, 'rosa'))
    const clicks = await Promise.allSettled(
      Array.from({ length: 12 }, (_, at) => acknowledgeReceipt(named(tenant, `p${at}`), id, {})),
    )
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = clicks.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
    expect(new Set(codes)).toEqual(new Set(['already_resolved']))
  })

  it('belongs to the tenant: a foreign receipt is an unknown one', async () => {
    const [tenant, other] = [await newTenant('a'), await newTenant('b')]
    const id = await overrideBy(named(tenant, 'rosa'))
    for (const refused of [acknowledgeReceipt(named(other, 'olga'), id, {}), getReceipt(named(other, 'olga'), id)])
      await expect(refused).rejects.toMatchObject({ code: 'not_found', message: 'Receipt not found' })
    expect((await listReceipts(named(other, 'olga'), asked())).receipts).toEqual([])
  })

  it('is missed after a day: overdue in the list and on the overview, until somebody comes', async () => {
    const tenant = await newTenant()
    const rosa = named(tenant, 'rosa')
    const { receipt } = await openBreakGlass(rosa, WISH)
    const told = async () =>
      (await overview(tenant.as('admin'))).headlines.map(({ level, text }) => `${level}: ${text}`)
    expect((await told()).join()).toMatch(/attention: rosa holds job:manage by break-glass until \d\d:\d\d UTC/)
    clock.advance(6 * 60_000)
    expect((await told()).join()).toContain(
      'attention: rosa broke the glass for job:manage; nobody acknowledged it yet',
    )
    clock.advance(DAY_MS - 6 * 60_000)
    expect((await listReceipts(rosa, asked({ state: 'overdue' }))).receipts).toEqual([])
    clock.advance(1)
    expect((await listReceipts(rosa, asked({ state: 'overdue' }))).receipts).toMatchObject([
      { id: receipt.id, state: 'overdue' },
    ])
    expect((await told()).join()).toContain('error: 1 exception waits for a second person since more than a day')
    expect((await overview(tenant.as('viewer'))).receipts).toBeNull()
    await acknowledgeReceipt(named(tenant, 'rolf'), receipt.id, {})
    expect((await told()).join()).not.toMatch(/glass|exception/)
    expect((await listReceipts(rosa, asked({ state: 'acknowledged' }))).receipts).toHaveLength(1)
  })
})

describeEachDialect('the list of exceptions', (dialect) => {
  const clock = fixedClock(systemClock.now())
  useKernel(dialect, { clock })

  it('is read page by page, newest first, nothing twice and nothing left out', async () => {
    const tenant = await newTenant()
    const rosa = named(tenant, 'rosa')
    const made: string[] = []
    for (let at = 0; at < 7; at += 1) {
      made.unshift(await overrideBy(rosa))
      if (at % 2 === 0) clock.advance(1)
    }
    const seen: string[] = []
    for (let cursor: string | null = null; ; ) {
      const page = await listReceipts(rosa, asked({ limit: 3, ...(cursor === null ? {} : { cursor }) }))
      seen.push(...page.receipts.map(({ id }) => id))
      cursor = page.next_cursor
      expect(page.counts).toEqual({ open: 7, overdue: 0 })
      if (cursor === null) break
    }
    expect([...seen].sort()).toEqual([...made].sort())
    expect(new Set(seen).size).toBe(7)
  })

  it('tells kinds apart; a reveal waits for nobody', async () => {
    const tenant = await newTenant()
    const rosa = named(tenant, 'rosa')
    await overrideBy(rosa)
    const reveal = revealWrites(rosa, { traceId: 't', workspaceId: 'w', parts: ['input'], reason: WHY })
    await rosa.command({ audit: [], writes: reveal.writes })
    const kinds = async (over: object) => (await listReceipts(rosa, asked(over))).receipts.map(({ kind }) => kind)
    expect(await kinds({ kind: 'reveal' })).toEqual(['reveal'])
    expect(await kinds({ kind: 'break_glass' })).toEqual([])
    expect(await kinds({ state: 'open' })).toEqual(['override'])
    expect((await listReceipts(rosa, asked({ kind: 'reveal' }))).receipts).toMatchObject([
      { state: 'noted', parts: ['input'] },
    ])
  })

  it('shows whoever is limited to workspaces what happened there and what they did themselves', async () => {
    const tenant = await newTenant()
    const rosa = named(tenant, 'rosa')
    const fenced = named(tenant, 'fay', { workspaceIds: ['sales'] })
    const [here, there, whole] = [
      await overrideBy(rosa, 'sales'),
      await overrideBy(rosa, 'legal'),
      await overrideBy(rosa),
    ]
    const own = await overrideBy(fenced)
    const token = named(tenant, 'rosa', { plane: 'service', workspaceIds: ['sales'] })
    expect((await listReceipts(token, asked())).receipts).toEqual([])
    const ids = (await listReceipts(fenced, asked())).receipts.map(({ id }) => id)
    expect([...ids].sort()).toEqual([here, own].sort())
    for (const id of [there, whole])
      await expect(acknowledgeReceipt(fenced, id, {})).rejects.toMatchObject({ code: 'not_found' })
  })

  it('opens a window with the acts that carry its id, and no others', async () => {
    const tenant = await newTenant()
    const rosa = named(tenant, 'rosa')
    const { receipt } = await openBreakGlass(rosa, WISH)
    const inside = named(tenant, 'rosa', { breakGlassId: receipt.id })
    await inside.command({ audit: [{ event: 'config_change', data: { kind: 'boot', break_glass_id: 'forged' } }] })
    await rosa.command({ audit: [{ event: 'config_change', data: { kind: 'boot' } }] })
    await named(tenant, 'rolf').command({ audit: [{ event: 'config_change', data: { break_glass_id: receipt.id } }] })
    const { acts, acts_capped } = await getReceipt(tenant.as('operator'), receipt.id)
    expect(acts.map(({ event_type }) => event_type)).toEqual(['break_glass_opened', 'config_change'])
    expect(acts_capped).toBe(false)
    expect(await systemDb().receipt.count({ where: { tenantId: tenant.id } })).toBe(1)
  })
})

import { beforeAll, describe, expect, it, test } from 'vitest'
import { freshRules, rulesOf } from '@/lib/core/redaction/tenant'
import type { Identity } from '@/lib/core/scope'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import type { RuleChange } from '../contract/redaction'
import { dropRedactionRule, putRedactionRule } from './change-rules'
import { detokenise } from './detokenise'
import { judgeRule } from './judge-rule'
import { previewRedactionOf } from './preview-redaction'
import { showRedaction } from './show-redaction'

const rule = (over: Partial<RuleChange> & { name: string }): RuleChange => ({
  strategy: 'mask',
  is_enabled: true,
  ...over,
})
const STAFF = { name: 'staff_no', pattern: '\\bSTF-\\d{5}\\b' }
const REASON = { reason_code: 'incident_response', justification: 'the customer asked what it was' } as const

describe('what a pattern may be', () => {
  const faultOf = (pattern: string): string => {
    try {
      judgeRule({ name: 'mine', pattern, strategy: 'mask', is_enabled: true })
      return ''
    } catch (error) {
      return JSON.stringify((error as { details?: unknown }).details)
    }
  }

  test.each(['\\bSTF-\\d{5}\\b', 'ACME-[A-Z]{2}\\d+', '(?i)project falcon', '\\b[A-Z]{3}-\\d{4}-[A-Z]\\b', 'ü+ber\\d'])(
    '%s is taken',
    (pattern) => {
      expect(faultOf(pattern)).toBe('')
    },
  )

  test.each([
    ['', /empty/],
    ['a*', /empty/],
    ['(?:x|)', /empty/],
    ['.', /every record/],
    ['\\w+', /every record/],
    ['user', /every record/],
    ['\\d{4}', /every record/],
    ['[0-9a-f]{40}', /content hashes/],
    ['[aeiou n]{1}[a-z]{2,} ', /% of ordinary text/],
    ['(?=a)b', /linear time/],
    ['(a)\\1', /linear time/],
    ['[', /linear time/],
    ['(?:a{100}){100}', /too large/],
    [`X${'y'.repeat(600)}`, /longer than 500/],
  ])('%s is refused', (pattern, why) => {
    expect(faultOf(pattern)).toMatch(why)
  })

  test('kinds of the house keep their patterns, and secrets stay redacted', () => {
    expect(() => judgeRule(rule({ name: 'email', pattern: 'x{9}' }))).toThrow()
    expect(() => judgeRule(rule({ name: 'unheard_of' }))).toThrow()
    expect(() => judgeRule(rule({ name: 'api_key', is_enabled: false }))).toThrow()
    expect(() => judgeRule(rule({ name: 'email', strategy: 'hash', replacement: 'x' }))).toThrow()
    expect(judgeRule(rule({ name: 'phone', strategy: 'drop' }))).toMatchObject({ name: 'phone_us' })
    expect(judgeRule(rule({ name: 'email', is_enabled: false }))).toMatchObject({ isEnabled: false })
  })
})

describeEachDialect('rules of a tenant', (dialect) => {
  useKernel(dialect)
  beforeAll(() => freshRules('nobody'))

  it('are set, shown, changed and removed, each with an audit row', async () => {
    const tenant = await newTenant()
    const set = await putRedactionRule(tenant.scope, rule({ ...STAFF, justification: 'our staff numbers' }))
    expect(set.rule).toMatchObject({ name: 'staff_no', strategy: 'mask', updated_by: tenant.scope.actor })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'config_change', entityId: 'staff_no' })
    expect(tenant.scope.redaction.text('ask STF-12345 or jo@example.com')).toBe('ask [STAFF_NO] or [EMAIL]')

    await putRedactionRule(tenant.scope, rule({ ...STAFF, replacement: '‹staff›' }))
    await putRedactionRule(tenant.scope, rule({ name: 'email', strategy: 'summarize' }))
    expect(tenant.scope.redaction.text('ask STF-12345 or jo@example.com')).toBe('ask ‹staff› or jo..om')
    const shown = await showRedaction(tenant.scope)
    expect(shown.rules.map(({ name }) => name)).toEqual(['email', 'staff_no'])
    expect(shown.kinds.find(({ name }) => name === 'email')).toMatchObject({ strategy: 'summarize', may_be_off: true })

    await dropRedactionRule(tenant.scope, 'staff_no')
    expect((await tenant.audits()).filter(({ eventType }) => eventType === 'config_change')).toHaveLength(4)
    expect(tenant.scope.redaction.text('ask STF-12345')).toBe('ask STF-12345')
    await expect(dropRedactionRule(tenant.scope, 'staff_no')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('belong to one tenant, and to nobody who is fenced into workspaces', async () => {
    const [a, b] = await twoTenants()
    await putRedactionRule(a.scope, rule(STAFF))
    expect(b.scope.redaction.text('STF-12345')).toBe('STF-12345')
    expect((await showRedaction(b.scope)).rules).toEqual([])
    await expect(dropRedactionRule(b.scope, 'staff_no')).rejects.toMatchObject({ code: 'not_found' })
    const over: Partial<Identity> = { workspaceIds: ['w'] }
    const fenced = scopeOf(identityOf(a.id, 'admin', over))
    await expect(putRedactionRule(fenced, rule(STAFF))).rejects.toMatchObject({ code: 'workspace_access_denied' })
    await expect(detokenise(fenced, { ...REASON, tokens: ['0'.repeat(32)] })).rejects.toMatchObject({
      code: 'workspace_access_denied',
    })
  })

  it('are limited in number, also when many come at once', async () => {
    const tenant = await newTenant()
    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) =>
        putRedactionRule(tenant.scope, rule({ name: `own_${n}`, pattern: `OWN${n}-\\d{6}` })),
      ),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect((await showRedaction(tenant.scope)).rules).toHaveLength(20)
  })

  it('hold in a process as soon as it is asked, whoever changed them', async () => {
    const tenant = await newTenant()
    const now = tenant.scope.clock.now()
    const row = { ...STAFF, strategy: 'mask', replacement: null, isEnabled: true, updatedBy: 'x', updatedAt: now }
    await systemWrite(({ client }) => client.redactionRule.create({ data: { tenantId: tenant.id, ...row } }))
    expect(rulesOf(tenant.id).isOwn).toBe(false)
    await freshRules(tenant.id)
    expect(tenant.scope.redaction.text('STF-12345')).toBe('[STAFF_NO]')
    await systemWrite(({ client }) => client.redactionRule.deleteMany({ where: { tenantId: tenant.id } }))
    await freshRules(tenant.id)
    expect(rulesOf(tenant.id).isOwn).toBe(false)
  })

  it('write keyed hashes and leave what they do not concern', async () => {
    const [a, b] = await twoTenants()
    for (const { scope } of [a, b]) await putRedactionRule(scope, rule({ name: 'email', strategy: 'hash' }))
    const [one, other] = [a, b].map(({ scope }) => scope.redaction.text('jo@example.com, 123-45-6789'))
    expect(one).toMatch(/^\[HASH:[0-9a-f]{8}\], \[SSN\]$/)
    expect(a.scope.redaction.text('jo@example.com, 123-45-6789')).toBe(one)
    expect(other).not.toBe(one)
    expect(a.scope.redaction.text(one ?? '')).toBe(one)
  })

  it('give tokens that stand for the same value, sealed in the commit that stores them', async () => {
    const tenant = await newTenant()
    await putRedactionRule(tenant.scope, rule({ name: 'email', strategy: 'token' }))
    await putRedactionRule(tenant.scope, rule({ ...STAFF, strategy: 'token' }))
    const scope = scopeOf(identityOf(tenant.id))
    const text = scope.redaction.text('jo@example.com wrote to STF-12345, jo@example.com answered')
    const tokens = text.match(/\[TOKEN:[0-9a-f]{32}\]/g) ?? []
    expect(tokens).toHaveLength(3)
    expect(new Set(tokens).size).toBe(2)
    const held = () => systemDb().redactionToken.findMany({ where: { tenantId: tenant.id } })
    expect(await held()).toHaveLength(0)
    await scope.command({ audit: [] })
    const rows = await held()
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toMatch(/jo@|STF-/)

    const { values, receipt_id: receipt } = await detokenise(tenant.scope, { ...REASON, tokens })
    expect(values.map(({ value }) => value)).toEqual(['jo@example.com', 'STF-12345'])
    const audit = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id }, orderBy: { seq: 'asc' } })
    expect(audit.at(-1)?.data).toContain(receipt)
    expect(audit.map(({ data }) => data).join()).not.toMatch(/jo@example|STF-12345/)
    expect(await systemDb().receipt.findFirst({ where: { tenantId: tenant.id, id: receipt } })).toMatchObject({
      kind: 'reveal',
      justification: REASON.justification,
    })

    const [other] = await twoTenants()
    const foreign = await detokenise(other.scope, { ...REASON, tokens })
    expect(foreign.values.every(({ value, kind }) => value === null && kind === null)).toBe(true)
  })

  it('lose no token when the first commit is refused', async () => {
    const tenant = await newTenant()
    await putRedactionRule(tenant.scope, rule({ name: 'email', strategy: 'token' }))
    const scope = scopeOf(identityOf(tenant.id))
    scope.redaction.text('jo@example.com')
    const failing = scope.mutate({ event: 'config_change', data: { kind: 'redaction' } }, () =>
      Promise.reject(new Error('no')),
    )
    await expect(failing).rejects.toThrow('no')
    expect(await systemDb().redactionToken.count({ where: { tenantId: tenant.id } })).toBe(0)
    await scope.mutate({ event: 'config_change', data: { kind: 'redaction' } }, async () => undefined)
    expect(await systemDb().redactionToken.count({ where: { tenantId: tenant.id } })).toBe(1)
  })

  it('are tried before they hold, and nothing of the text is kept', async () => {
    const tenant = await newTenant()
    const before = await tenant.audits()
    const text = 'STF-12345 is jo@example.com'
    const tried = await previewRedactionOf(tenant.scope, {
      text,
      rules: [
        { ...STAFF, strategy: 'hash', is_enabled: true },
        { name: 'email', strategy: 'token', is_enabled: true },
      ],
    })
    expect(tried.redacted).toMatch(/^\[HASH:[0-9a-f]{8}\] is \[TOKEN:[0-9a-f]{32}\]$/)
    expect(tried.findings).toEqual([
      { name: 'staff_no', from: 0, to: 9 },
      { name: 'email', from: 13, to: 27 },
    ])
    expect(tried.counts).toEqual({ staff_no: 1, email: 1 })
    await tenant.scope.command({ audit: [] })
    expect(await systemDb().redactionToken.count({ where: { tenantId: tenant.id } })).toBe(0)
    expect(await tenant.audits()).toHaveLength(before.length)
    expect((await previewRedactionOf(tenant.scope, { text })).redacted).toBe('STF-12345 is [EMAIL]')
  })
})

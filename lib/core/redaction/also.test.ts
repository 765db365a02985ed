import { expect, it } from 'vitest'
import { putRedactionRule } from '@/lib/governance'
import { systemDb } from '../system-db'
import { describeEachDialect } from '../testing/database'
import { identityOf, newTenant, scopeOf, useKernel } from '../testing/kernel'

const row = (name: string, over: object = {}) => ({
  ...{ name, pattern: null, strategy: 'mask', replacement: null, isEnabled: true },
  ...over,
})
const CASE = row('sum.case', { pattern: 'CASE-[0-9]{4}', replacement: '[CASE]' })

describeEachDialect('rules that a run brings along', (dialect) => {
  useKernel(dialect)

  it('count from there on, in this scope alone', async () => {
    const { id, scope } = await newTenant()
    expect(scope.redaction.text('CASE-1234')).toBe('CASE-1234')
    scope.redaction.also([CASE])
    scope.redaction.also([CASE])
    expect(scope.redaction.text('CASE-1234 a@example.com')).toBe('[CASE] [EMAIL]')
    expect(scope.redaction.value({ 'CASE-1234': ['CASE-1234'] })).toEqual({ '[CASE]': ['[CASE]'] })
    expect(scopeOf(identityOf(id)).redaction.text('CASE-1234')).toBe('CASE-1234')
    scope.redaction.also([row('other', { pattern: 'XX[0-9]+', replacement: '[XX]' })])
    expect(scope.redaction.text('CASE-1234 XX1')).toBe('[CASE] [XX]')
  })

  it('never say less than the tenant does, and look for what it left out', async () => {
    const { scope } = await newTenant()
    const rule = { replacement: null, is_enabled: true, pattern: null }
    await putRedactionRule(scope, { ...rule, name: 'email', strategy: 'drop' } as never)
    await putRedactionRule(scope, { ...rule, name: 'ip_address', strategy: 'mask', is_enabled: false } as never)
    expect(scope.redaction.text('a@example.com 10.1.2.3')).toBe(' 10.1.2.3')
    scope.redaction.also([row('email', { strategy: 'summarize' }), row('ip_address')])
    expect(scope.redaction.text('a@example.com 10.1.2.3')).toBe(' [IP]')
    await putRedactionRule(scope, { ...rule, name: 'email', strategy: 'mask', replacement: '[POST]' } as never)
    expect(scope.redaction.text('a@example.com 10.1.2.3')).toBe('[POST] [IP]')
  })

  it('keep what can be asked for again in the commit that they were found in', async () => {
    const { id, scope } = await newTenant()
    scope.redaction.also([row('email', { strategy: 'token' })])
    await scope.command({ audit: [{ event: 'config_change', data: { kind: 'boot', who: 'a@example.com' } }] })
    expect(await systemDb().redactionToken.count({ where: { tenantId: id } })).toBe(1)
  })
})

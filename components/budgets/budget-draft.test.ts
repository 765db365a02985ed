import { describe, expect, it } from 'vitest'
import { type Budget, BudgetChange, BudgetKey } from '@/lib/governance/contract'
import { changeOf, draftOf, faultsIn, newDraft } from './budget-draft'
import { scopeName, scopeOf, scopeParts, scopeTraces } from './budget-words'

const SCOPES = ['tenant', 'workspace:a:b', 'environment:prod', 'environment:sales/prod', 'role:re/search', 'user:ada']

const budget: Budget = {
  tenant_id: 't',
  scope: 'environment:sales/prod',
  budget_usd: 12.5,
  budget_micro_usd: 12_500_000,
  spent_usd: 0,
  spent_micro_usd: 0,
  reserved_usd: 0,
  reserved_micro_usd: 0,
  remaining_usd: 12.5,
  period: 'custom',
  timezone: 'Europe/Berlin',
  period_start: '2026-03-01T00:00:00.000Z',
  period_end: '2026-06-01T12:30:00.000Z',
  hard_limit: false,
  alert_threshold: 0.755,
  per_run_usd: 0.25,
  warned_at: null,
  exceeded_at: null,
  created_at: '2026-03-01T00:00:00.000Z',
  updated_at: '2026-03-01T00:00:00.000Z',
}

describe('a scope', () => {
  it.each(SCOPES)('%s comes apart and together again', (scope) => {
    expect(BudgetKey.parse(scope)).toBe(scope)
    expect(scopeOf(scopeParts(scope))).toBe(scope)
    expect(scopeName(scope)).not.toBe('')
  })

  it('leads to the runs that count toward it', () => {
    expect(SCOPES.map(scopeTraces)).toEqual([
      {},
      { workspace_id: 'a:b' },
      { environment: 'prod' },
      { environment: 'prod', workspace_id: 'sales' },
      { agent_role: 're/search' },
      { user_id: 'ada' },
    ])
  })
})

describe('a form', () => {
  it('sends a budget as it is when nothing was touched', () => {
    const change = BudgetChange.parse(changeOf(draftOf(budget)))
    expect(change).toEqual({
      scope: 'environment:sales/prod',
      budget_usd: 12.5,
      hard_limit: false,
      alert_threshold: 0.755,
      per_run_usd: 0.25,
      timezone: 'Europe/Berlin',
      period: 'custom',
      period_start: '2026-03-01T00:00:00.000Z',
      period_end: '2026-06-01T12:30:00.000Z',
    })
    expect(faultsIn(draftOf(budget))).toEqual({})
  })

  it('names what is missing', () => {
    expect(faultsIn(newDraft('workspace:'))).toEqual({
      name: 'Say which one',
      amount: 'An amount above zero, such as 50 or 12.50',
    })
    const draft = { ...newDraft('tenant'), amount: '5' }
    expect(faultsIn(draft)).toEqual({})
    for (const amount of ['', '0', '-1', '1e3', '0x10', '1,5', '.5', '1.0000001']) {
      expect(Object.keys(faultsIn({ ...draft, amount }))).toEqual(['amount'])
      if (amount !== '') expect(Object.keys(faultsIn({ ...draft, perRun: amount }))).toEqual(['perRun'])
    }
    for (const threshold of ['', '101', 'x', '-1'])
      expect(Object.keys(faultsIn({ ...draft, threshold }))).toEqual(['threshold'])
    const custom = { ...draft, period: 'custom' as const, start: '2026-03-01T00:00', end: '2026-03-01T00:00' }
    expect(Object.keys(faultsIn(custom))).toEqual(['end'])
  })
})

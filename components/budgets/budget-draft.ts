import type { z } from 'zod'
import type { Budget, BudgetChange } from '@/lib/governance/contract'
import { type ScopeParts, scopeOf, scopeParts } from './budget-words'

export type Draft = ScopeParts & {
  amount: string
  isHard: boolean
  threshold: string
  perRun: string
  period: Budget['period']
  timezone: string
  start: string
  end: string
  justification: string
}

type Change = z.input<typeof BudgetChange>

const EMPTY: Draft = {
  ...{ kind: 'tenant', name: '', workspace: '' },
  ...{ amount: '', isHard: true, threshold: '80', perRun: '', justification: '' },
  ...{ period: 'monthly', timezone: 'UTC', start: '', end: '' },
}

// What a field for dates and times shows, which is a time without a zone; here it is UTC.
const fieldOf = (iso: string | null): string => (iso === null ? '' : iso.slice(0, 16))
const wireOf = (field: string): string => `${field}:00.000Z`

export const newDraft = (scope: string): Draft => ({ ...EMPTY, ...scopeParts(scope) })

export const draftOf = (budget: Budget): Draft => ({
  ...scopeParts(budget.scope),
  amount: String(budget.budget_usd),
  isHard: budget.hard_limit,
  threshold: String(Math.round(budget.alert_threshold * 10_000) / 100),
  perRun: budget.per_run_usd === null ? '' : String(budget.per_run_usd),
  period: budget.period,
  timezone: budget.timezone,
  start: budget.period === 'custom' ? fieldOf(budget.period_start) : '',
  end: budget.period === 'custom' ? fieldOf(budget.period_end) : '',
  justification: '',
})

const AMOUNT = /^\d{1,9}(?:\.\d{1,6})?$/

const isAmount = (text: string): boolean => AMOUNT.test(text) && Number(text) > 0

export type Faults = Partial<Record<'name' | 'amount' | 'threshold' | 'perRun' | 'end', string>>

export const faultsIn = (draft: Draft): Faults => ({
  ...(draft.kind !== 'tenant' && draft.name.trim() === '' ? { name: 'Say which one' } : {}),
  ...(isAmount(draft.amount) ? {} : { amount: 'An amount above zero, such as 50 or 12.50' }),
  ...(/^\d{1,3}(?:\.\d{1,2})?$/.test(draft.threshold) && Number(draft.threshold) <= 100
    ? {}
    : { threshold: '0 to 100' }),
  ...(draft.perRun === '' || isAmount(draft.perRun) ? {} : { perRun: 'An amount above zero, or nothing' }),
  ...(draft.period !== 'custom' || (draft.start !== '' && draft.end > draft.start)
    ? {}
    : { end: 'Both dates, the end after the beginning' }),
})

const spanOf = ({ period, start, end }: Draft): Partial<Change> =>
  period === 'custom' ? { period, period_start: wireOf(start), period_end: wireOf(end) } : { period }

export const changeOf = (draft: Draft): Change => ({
  scope: scopeOf({ ...draft, name: draft.name.trim(), workspace: draft.workspace.trim() }),
  budget_usd: Number(draft.amount),
  hard_limit: draft.isHard,
  alert_threshold: Number(draft.threshold) / 100,
  per_run_usd: draft.perRun === '' ? null : Number(draft.perRun),
  timezone: draft.timezone.trim(),
  ...spanOf(draft),
  ...(draft.justification.trim() === '' ? {} : { justification: draft.justification.trim() }),
})

import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

export const BUDGET_PERIODS = ['daily', 'weekly', 'monthly', 'custom'] as const

const KEY =
  /^(?:tenant|workspace:[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}|environment:(?:[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,63}|(?:role|user):[^\p{C}]{1,200})$/u

export const BudgetKey = z
  .string()
  .regex(
    KEY,
    'must be tenant, workspace:<id>, environment:<name>, environment:<workspace>/<name>, role:<name> or user:<id>',
  )
  .meta({ description: 'Whose money it is', example: 'workspace:default' })

const MOST_USD = 100_000_000
const LEAST_USD = 0.000_001
const Dollars = z.number().min(LEAST_USD).max(MOST_USD)
const Estimate = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,12})?$/, 'must be an amount in dollars')
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(MOST_USD))

const Micro = z.number().int()

export const Budget = z.object({
  tenant_id: z.string(),
  scope: z.string(),
  budget_usd: z.number(),
  budget_micro_usd: Micro,
  spent_usd: z.number(),
  spent_micro_usd: Micro,
  reserved_usd: z.number(),
  reserved_micro_usd: Micro,
  remaining_usd: z.number(),
  period: z.enum(BUDGET_PERIODS),
  timezone: z.string(),
  period_start: Timestamp.nullable(),
  period_end: Timestamp.nullable(),
  hard_limit: z.boolean(),
  alert_threshold: z.number(),
  per_run_usd: z.number().nullable().meta({ description: 'What a single run may cost, at most' }),
  warned_at: Timestamp.nullable(),
  exceeded_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type Budget = z.output<typeof Budget>

export const BudgetStats = z.object({
  total_budget: z.number(),
  total_spent: z.number(),
  remaining: z.number(),
  percent_used: z.number(),
  average_daily_spend: z.number(),
  projected_month_end: z.number().meta({ description: 'What it comes to by the end of the period' }),
  days_remaining: z.number().int(),
})

const Alerts = z.object({ soft_limit: z.number(), hard_limit: z.number().nullable() })
const spellings = { limit: 'budget_usd', spent: 'spent_usd', remaining: 'remaining_usd' }

const reading = {
  method: 'GET',
  tag: 'money',
  camel: true,
  query: z.object({ tenant_id: TenantId.optional(), scope: BudgetKey.default('tenant') }),
  reply: z.object({ tenant_id: z.string(), budget: Budget, stats: BudgetStats, alerts: Alerts }),
  aliases: [{ on: 'budget', keys: spellings }],
} as const
export type BudgetView = z.output<typeof reading.reply>

export const getBudget = contract({
  ...reading,
  path: '/budget',
  summary: 'A budget, what is spent and held, and where that leads; 404 where none is set',
  guard: service('read'),
})
export const opsGetBudget = contract({
  ...reading,
  path: '/ops/api/budget',
  summary: 'A budget, what is spent and held, and where that leads',
  guard: ops('budget:view'),
})

export const BudgetChange = z.object({
  tenant_id: TenantId.optional(),
  scope: BudgetKey.default('tenant'),
  budget_usd: Dollars.optional(),
  limit: Dollars.optional().meta({
    description: 'Alone another name of budget_usd; beside a numeric hard_limit the soft one',
  }),
  hard_limit: z
    .union([z.boolean(), Dollars])
    .optional()
    .meta({ description: 'Whether it stops (true where nothing was set before), or the amount at which it does' }),
  soft_limit: Dollars.optional().meta({ description: 'The amount at which people are told' }),
  alert_threshold: z.number().min(0).max(1).optional().meta({ description: '0.8 where nothing was set before' }),
  per_run_usd: Dollars.nullable().optional().meta({ description: 'What a single run may cost; null takes it away' }),
  period: z.enum(BUDGET_PERIODS).optional().meta({ description: 'monthly where nothing was set before' }),
  timezone: z.string().max(64).optional().meta({ description: 'UTC where nothing was set before' }),
  period_start: Timestamp.optional(),
  period_end: Timestamp.optional(),
  justification: z.string().trim().max(1000).optional().meta({ description: 'Kept in the audit log' }),
})
export type BudgetChange = z.output<typeof BudgetChange>

const setting = {
  method: 'POST',
  tag: 'money',
  camel: true,
  body: BudgetChange,
  reply: z.object({ status: z.literal('ok'), budget: Budget }),
  aliases: [{ on: 'budget', keys: spellings }],
} as const

export const setBudget = contract({
  ...setting,
  path: '/budget',
  summary: 'Set a budget; omitted fields keep their value, and what is spent is counted from the ledger',
  guard: service('write'),
})
export const opsSetBudget = contract({
  ...setting,
  path: '/ops/api/budget',
  summary: 'Set a budget; omitted fields keep their value',
  guard: ops('budget:modify'),
})

const removing = {
  method: 'DELETE',
  tag: 'money',
  camel: true,
  query: z.object({ tenant_id: TenantId.optional(), scope: BudgetKey }),
  reply: z.object({ status: z.literal('ok'), scope: z.string() }),
} as const

export const deleteBudget = contract({
  ...removing,
  path: '/budget',
  summary: 'Take a budget away, with its history; the ledger stays',
  guard: service('write'),
})
export const opsDeleteBudget = contract({
  ...removing,
  path: '/ops/api/budget',
  summary: 'Take a budget away, with its history; the ledger stays',
  guard: ops('budget:modify'),
})

const Question = z.object({
  tenant_id: TenantId.optional(),
  estimated_cost: Estimate,
  workspace_id: WorkspaceId.optional(),
  environment: z.string().min(1).max(64).optional(),
  agent_role: z.string().min(1).max(200).optional(),
  user_id: z.string().min(1).max(200).optional(),
})
export type BudgetQuestion = z.output<typeof Question>

const answer = {
  tag: 'money',
  camel: true,
  reply: z.object({
    allowed: z.boolean(),
    scope: z.string().nullable().meta({ description: 'The budget that the answer is about' }),
    budget: Budget.nullable(),
    remaining: z.number().nullable().meta({ description: 'null is without limit' }),
    percent_used: z.number(),
    requested: z.number(),
    remaining_after: z.number().nullable(),
    warnings: z.array(z.string()),
    reason: z.enum(['no_budget_set', 'period_expired', 'budget_exceeded']).optional(),
    warning: z.string().optional(),
    error: z.string().optional(),
    code: z.string().optional(),
    resets_at: Timestamp.optional(),
  }),
  aliases: [{ on: 'budget', keys: spellings }],
  also: { estimated_cost: ['amount'] },
} as const
export type BudgetAnswer = z.output<typeof answer.reply>

const ASKED = 'Whether an estimated cost fits the budgets; it holds nothing'
const byQuery = { ...answer, method: 'GET', query: Question, summary: ASKED } as const
const byBody = { ...answer, method: 'POST', body: Question, summary: ASKED } as const

export const checkBudget = contract({ ...byQuery, path: '/budget/check', guard: service('read') })
export const askBudget = contract({ ...byBody, path: '/budget/check', guard: service('read') })
export const opsCheckBudget = contract({ ...byQuery, path: '/ops/api/budget/check', guard: ops('budget:view') })
export const opsAskBudget = contract({ ...byBody, path: '/ops/api/budget/check', guard: ops('budget:view') })

const Held = z.object({
  id: z.string(),
  trace_id: z.string().nullable(),
  workspace_id: z.string(),
  agent_role: z.string().nullable(),
  user_id: z.string().nullable(),
  kind: z.string(),
  model: z.string(),
  reserved_usd: z.number(),
  created_at: Timestamp,
  lease_until: Timestamp,
})

const Past = z.object({
  period_start: Timestamp,
  period_end: Timestamp,
  budget_usd: z.number(),
  spent_usd: z.number(),
  spent_micro_usd: Micro,
  hard_limit: z.boolean(),
})

const listing = {
  method: 'GET',
  tag: 'money',
  camel: true,
  query: z.object({
    tenant_id: TenantId.optional(),
    limit: limitOf(200, 50),
    cursor: cursorOf(z.tuple([z.string().max(300)])).optional(),
  }),
  reply: z.object({
    budgets: z.array(
      Budget.extend({
        stats: BudgetStats,
        reservations: z.array(Held).meta({ description: 'What running calls hold right now, the newest twenty' }),
        reservation_count: z.number().int(),
        history: z.array(Past).meta({ description: 'The last twelve periods that are over, newest first' }),
      }),
    ),
    total: z.number().int(),
    has_more: z.boolean(),
    limit: z.number().int(),
    next_cursor: z.string().nullable(),
  }),
  aliases: [{ on: 'budgets', keys: spellings }],
} as const
export type BudgetList = z.output<typeof listing.reply>

export const listBudgets = contract({
  ...listing,
  path: '/budgets',
  summary: 'All budgets with what is held right now and how earlier periods ended',
  guard: service('read'),
})
export const opsListBudgets = contract({
  ...listing,
  path: '/ops/api/budgets',
  summary: 'All budgets with what is held right now and how earlier periods ended',
  guard: ops('budget:view'),
})

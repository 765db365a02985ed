import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { BudgetKey } from './budget'

const Micro = z.number().int()
const Tokens = z.number().int()

export const LEDGER_STATES = ['reserved', 'settled', 'released', 'expired'] as const

export const LedgerLine = z.object({
  id: z.string(),
  tenant_id: z.string(),
  trace_id: z.string().nullable(),
  workspace_id: z.string(),
  environment: z.string(),
  agent_role: z.string().nullable(),
  user_id: z.string().nullable(),
  adapter_id: z.string().nullable(),
  kind: z.string(),
  provider: z.string(),
  model: z.string(),
  state: z.enum(LEDGER_STATES),
  reserved_usd: z.number(),
  reserved_micro_usd: Micro,
  cost_usd: z.number(),
  cost_micro_usd: Micro,
  input_tokens: Tokens,
  output_tokens: Tokens,
  cache_read_tokens: Tokens,
  cache_write_tokens: Tokens,
  reasoning_tokens: Tokens,
  is_estimated: z.boolean(),
  price_version: z.string(),
  created_at: Timestamp,
  lease_until: Timestamp,
  settled_at: Timestamp.nullable(),
})
export type LedgerLine = z.output<typeof LedgerLine>

const Filter = z.object({
  tenant_id: TenantId.optional(),
  budget: BudgetKey.optional().meta({ description: 'The lines that count toward this budget' }),
  workspace_id: WorkspaceId.optional(),
  environment: z.string().min(1).max(64).optional(),
  agent_role: z.string().min(1).max(200).optional(),
  user_id: z.string().min(1).max(200).optional(),
  adapter_id: z.string().min(1).max(200).optional(),
  trace_id: Uuid.optional(),
  kind: z.string().min(1).max(40).optional(),
  model: z.string().min(1).max(200).optional(),
  state: z.enum(LEDGER_STATES).optional(),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
  limit: limitOf(200, 50),
  cursor: cursorOf(z.tuple([Timestamp, z.string().max(200)])).optional(),
})
export type LedgerFilter = z.output<typeof Filter>

const listing = {
  method: 'GET',
  tag: 'money',
  camel: true,
  summary: 'The ledger: every call that was held, with what it cost, newest first',
  query: Filter,
  also: { start_date: ['start_time'], end_date: ['end_time'] },
  reply: z.object({
    entries: z.array(LedgerLine),
    total: z.number().int(),
    total_exact: z.boolean(),
    has_more: z.boolean(),
    limit: z.number().int(),
    next_cursor: z.string().nullable(),
  }),
} as const
export type LedgerPage = z.output<typeof listing.reply>

export const listLedger = contract({ ...listing, path: '/ledger', guard: service('read') })
export const opsListLedger = contract({ ...listing, path: '/ops/api/ledger', guard: ops('budget:view') })

const Why = z.object({
  bucket: z.enum(['input', 'output', 'cache_read', 'cache_write', 'reasoning']),
  tokens: Tokens,
  usd_per_million: z.number(),
  micro_usd_per_million: Micro,
  cost_usd: z.number().meta({ description: 'Not rounded: the sum is, once' }),
})

const explaining = {
  method: 'GET',
  tag: 'money',
  camel: true,
  summary: 'One line of the ledger, and why it cost what it did',
  params: z.object({ id: z.string().min(1).max(200) }),
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({
    entry: LedgerLine,
    why: z.array(Why),
    sum_usd: z.number().nullable().meta({ description: 'The lines added up, before the one rounding' }),
    explanation: z.string(),
    counts_toward: z.array(z.string()),
  }),
} as const
export type LedgerWhy = z.output<typeof explaining.reply>

export const explainLedger = contract({ ...explaining, path: '/ledger/{id}', guard: service('read') })
export const opsExplainLedger = contract({ ...explaining, path: '/ops/api/ledger/{id}', guard: ops('budget:view') })

const Difference = z.object({
  what: z.string(),
  id: z.string(),
  ledger_micro_usd: Micro,
  shown_micro_usd: Micro,
})

const proving = {
  method: 'GET',
  tag: 'money',
  camel: true,
  summary:
    'Whether the ledger and everything that is shown of it are the same, to the millionth; every difference by name',
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({
    ok: z.boolean(),
    checked_at: Timestamp,
    totals: z.object({
      ledger_micro_usd: Micro,
      usage_micro_usd: Micro,
      traces_micro_usd: Micro.meta({ description: 'Of the runs whose traces are kept' }),
      rollups_micro_usd: Micro.meta({ description: 'Of all runs that have ended' }),
      reserved_micro_usd: Micro,
      external_micro_usd: Micro.meta({ description: 'Told by external agents, or spent before a run was refused' }),
    }),
    checked: z.object({
      entries: z.number().int(),
      budgets: z.number().int(),
      periods: z.number().int(),
      traces: z.number().int(),
    }),
    overdue_reservations: z.number().int().meta({ description: 'Held beyond their lease; the sweeper takes them' }),
    differences: z.array(Difference),
  }),
} as const
export type LedgerProof = z.output<typeof proving.reply>

export const proveLedger = contract({ ...proving, path: '/ledger/invariant', guard: service('read') })
export const opsProveLedger = contract({ ...proving, path: '/ops/api/ledger/invariant', guard: ops('budget:view') })

const Figures = z.object({
  input: z.number(),
  output: z.number(),
  cache_read: z.number(),
  cache_write: z.number(),
  reasoning: z.number(),
})

const pricing = {
  method: 'GET',
  tag: 'money',
  camel: true,
  summary: 'The price book: dollars per million tokens, by model, with their source',
  query: z.object({
    tenant_id: TenantId.optional(),
    q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of a name' }),
    source: z.enum(['catalogue', 'override']).optional(),
    limit: limitOf(500, 100),
    offset: Offset,
  }),
  reply: z.object({
    version: z.string(),
    currency: z.literal('USD'),
    prices: z.array(
      Figures.extend({
        name: z.string(),
        source: z.enum(['catalogue', 'override']),
        tiers: z.array(Figures.extend({ above: z.number().int() })),
        valid_from: Timestamp.nullable(),
        valid_to: Timestamp.nullable(),
      }),
    ),
    fallback: Figures.meta({ description: 'What is charged for a model that nobody knows' }),
    total: z.number().int(),
    has_more: z.boolean(),
    limit: z.number().int(),
    offset: z.number().int(),
  }),
} as const
export type PriceList = z.output<typeof pricing.reply>

export const listPrices = contract({ ...pricing, path: '/prices', guard: service('read') })
export const opsListPrices = contract({ ...pricing, path: '/ops/api/prices', guard: ops('budget:view') })

import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'

const count = z.number().int()
const Level = z.enum(['ok', 'attention', 'error'])

export const Headline = z.object({
  level: Level,
  text: z.string(),
  detail: z.string().nullable(),
  href: z.string().nullable().meta({ description: 'The page of the console that shows what is counted' }),
})
export type Headline = z.output<typeof Headline>

// Whole hours as the statistics keep them; the last one has only begun.
const Hour = z.object({ at: Timestamp, runs: count, errors: count })

const Runs = z.object({
  since: Timestamp,
  total: count,
  failed: count.meta({ description: 'Ended as error or timeout' }),
  usual_rate: z.number().nullable().meta({ description: 'Errors of the seven days before; null where little ran' }),
  running: count,
  paused: count,
  by_hour: z.array(Hour),
})
export type Runs = z.output<typeof Runs>

const CHANGE_KINDS = [
  ...['promotion', 'rollback', 'pin', 'canary', 'version', 'skill', 'policy', 'budget', 'environment', 'retention'],
  ...['key', 'agent', 'override', 'setting'],
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

const Change = z.object({
  seq: count,
  at: Timestamp,
  kind: z.enum(CHANGE_KINDS),
  text: z.string(),
  actor: z.string(),
  workspace_id: z.string().nullable(),
  href: z.string().nullable(),
  audit_href: z.string().nullable(),
})
export type Change = z.output<typeof Change>

export const WAITING_KINDS = ['approval', 'promotion', 'exception', 'annotation'] as const
export type WaitingKind = (typeof WAITING_KINDS)[number]

const WaitingItem = z.object({
  kind: z.enum(WAITING_KINDS),
  id: z.string(),
  text: z.string(),
  detail: z.string().nullable(),
  since: Timestamp,
  until: Timestamp.nullable().meta({ description: 'After this nobody can decide it any more, or it is late' }),
  href: z.string(),
})
export type WaitingItem = z.output<typeof WaitingItem>

export const OverviewView = z.object({
  tenant_id: z.string(),
  profile: z.string(),
  as_of: Timestamp,
  status: Level,
  is_partial: z.boolean().meta({ description: 'The role, or a limit to workspaces, hides some of what can be wrong' }),
  headlines: z.array(Headline),
  runs: Runs.nullable(),
  changes: z.array(Change).meta({ description: 'Of the same hours as the runs, newest first' }),
  changes_capped: z.boolean(),
  waiting: z.object({
    items: z.array(WaitingItem).meta({ description: 'What the caller can decide, the most urgent first' }),
    counts: z.partialRecord(z.enum(WAITING_KINDS), count).meta({
      description: 'Kinds that the caller has a say in; what he may not decide does not count',
    }),
  }),
  audit: z
    .object({ total: count, last_checkpoint_at: Timestamp.nullable() })
    .nullable()
    .meta({ description: 'null for those who may not read it, as are the others' }),
  keys: z.object({ active: count, expiring: count }).nullable(),
  receipts: z
    .object({
      open: count,
      overdue: count,
      windows: z.array(
        z.object({
          id: z.string(),
          actor: z.string(),
          permissions: z.array(z.string()),
          expires_at: Timestamp.nullable(),
          is_open: z.boolean(),
        }),
      ),
    })
    .nullable()
    .meta({
      description: 'Exceptions that wait for a second person; a window is shown until somebody acknowledged it',
    }),
  approvals: z
    .object({ pending: count })
    .nullable()
    .meta({ description: 'Actions that wait for a person; null for those who may not decide' }),
  jobs: z.object({ queued: count, dead: count }).nullable(),
  webhooks: z.object({ queued: count, dead: count }).nullable(),
  money: z.object({
    month_micro_usd: count.meta({ description: 'Charged since the first of this month, UTC' }),
    budget: z
      .object({
        spent_micro_usd: count,
        reserved_micro_usd: count,
        budget_micro_usd: count,
        alert_threshold: z.number(),
        hard_limit: z.boolean(),
        period_end: Timestamp.nullable(),
      })
      .nullable()
      .meta({ description: 'Of the whole tenant; null where none is set or it may not be seen' }),
    crossed: z
      .array(z.object({ scope: z.string(), is_used_up: z.boolean(), is_hard: z.boolean(), percent: count }))
      .meta({ description: 'Budgets over their threshold' }),
  }),
})
export type OverviewView = z.output<typeof OverviewView>

const OVERVIEW_DAYS = ['1', '7'] as const

export const opsOverview = contract({
  method: 'GET',
  path: '/ops/api/overview',
  summary: 'What is wrong, what changed, what waits for the caller; nothing that his permissions forbid',
  guard: ops('dashboard:view'),
  tag: 'system',
  query: z.object({
    days: z.enum(OVERVIEW_DAYS).default('1').meta({ description: 'How far runs and changes go back' }),
  }),
  reply: OverviewView,
})

import { z } from 'zod'
import { ROLES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'
import { Check, CostForecast } from './check'
import { Gate } from './gates'

// `waiting` has passed its checks; what else it waits for is said beside it.
export const PromotionStatus = z.enum([
  'checking',
  'blocked',
  'waiting',
  'executed',
  'rejected',
  'cancelled',
  'failed',
  'rolled_back',
])
export type PromotionStatus = z.output<typeof PromotionStatus>

export const Canary = z.object({
  percent: z.number().int().min(0).max(100),
  users: z.array(z.string().min(1).max(200)).max(1_000).default([]),
})

export const PinSetView = z.object({
  version_hash: z.string(),
  skill_pins: z.record(z.string(), z.string()),
  model_pin: z.string().nullable(),
  provider_pin: z.string().nullable(),
  canary: z.object({ version_hash: z.string(), percent: z.number(), users: z.array(z.string()) }).nullable(),
})
export type PinSetView = z.output<typeof PinSetView>

export const ApprovalView = z.object({
  user_id: z.string(),
  name: z.string().nullable(),
  decision: z.enum(['approve', 'reject']),
  comment: z.string().nullable(),
  decided_at: Timestamp,
  counts: z.boolean(),
  why_not: z.string().nullable().meta({ description: 'Why it does not count any more' }),
})
export type ApprovalView = z.output<typeof ApprovalView>

const Acts = z.object({
  approve: z.boolean(),
  execute: z.boolean(),
  override: z.boolean(),
  cancel: z.boolean(),
  recheck: z.boolean(),
  rollback: z.boolean(),
})

export const PromotionSummary = z.object({
  id: z.string(),
  workspace_id: z.string(),
  source_env: z.string(),
  target_env: z.string(),
  status: PromotionStatus,
  waits_for: z.array(z.enum(['checks', 'approvals', 'soak_time', 'apply_at'])),
  version_hash: z.string(),
  previous_version_hash: z.string().nullable(),
  is_canary: z.boolean(),
  note: z.string().nullable(),
  requested_by: z.string(),
  created_at: Timestamp,
  checked_at: Timestamp.nullable(),
  executed_by: z.string().nullable(),
  executed_at: Timestamp.nullable(),
  override_used: z.boolean(),
  failure: z.string().nullable(),
  rolled_back_by: z.string().nullable(),
  rolled_back_at: Timestamp.nullable(),
  updated_at: Timestamp,
})
export type PromotionSummary = z.output<typeof PromotionSummary>

export const Promotion = PromotionSummary.extend({
  next: PinSetView.meta({ description: 'What the target is given, all of it' }),
  replaces: PinSetView.nullable(),
  target_revision: z.number().int(),
  candidate_hash: z.string().nullable().meta({ description: 'What an approval binds: the candidate and its evidence' }),
  evidence_hash: z.string().nullable(),
  gate: Gate,
  blocked: z.boolean(),
  checks: z.array(Check),
  impact: z.record(z.string(), z.unknown()).optional(),
  cost_forecast: CostForecast.optional(),
  deprecated_skills: z.array(z.string()),
  approvals: z.object({
    required: z.number().int(),
    given: z.number().int(),
    role: z.enum(ROLES),
    from: z.array(z.string()).nullable(),
    items: z.array(ApprovalView),
  }),
  soak_until: Timestamp.nullable(),
  apply_at: Timestamp.nullable(),
  receipt_id: z.string().nullable(),
  can: Acts.meta({ description: 'What the caller may do with it now' }),
})
export type Promotion = z.output<typeof Promotion>

export const PromotionState = z.object({ status: z.literal('ok'), promotion: Promotion })

import { z } from 'zod'
import { Override } from '@/lib/governance/contract'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid, WorkspaceId } from '@/lib/shared/id'
import { PromotionState } from './promotion'
import { Annotation, Announcement, EnvironmentName, one, place, shape, tenant } from './words'

const acting = { ...shape, method: 'POST', params: one, reply: PromotionState } as const

export const recheckPromotion = contract({
  ...acting,
  path: '/workspace/{workspaceId}/promotions/{id}/check',
  summary: 'Take the source as it is now and run all checks again; approvals given before do not count any more',
  guard: service('write'),
  body: z.object(tenant),
})
export const opsRecheckPromotion = contract({
  ...recheckPromotion,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}/check',
  guard: ops('workspace:promote'),
})

export const ApproveBody = z.object({
  ...tenant,
  decision: z.enum(['approve', 'reject']),
  comment: z.string().trim().min(1).max(2_000).optional(),
  candidate_hash: z
    .string()
    .optional()
    .meta({ description: 'What the approver has seen; refused where it is another' }),
})
export type ApproveBody = z.output<typeof ApproveBody>

export const opsApprovePromotion = contract({
  ...acting,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}/approve',
  summary: 'Approve or reject exactly this candidate with this evidence; never one that the caller asked for',
  guard: ops('workspace:promote'),
  body: ApproveBody,
})

const Why = z.object({ ...tenant, reason: z.string().trim().min(1).max(2_000) })

export const cancelPromotion = contract({
  ...acting,
  path: '/workspace/{workspaceId}/promotions/{id}/cancel',
  summary: 'Give up a promotion that was not executed',
  guard: service('write'),
  body: Why,
})
export const opsCancelPromotion = contract({
  ...cancelPromotion,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}/cancel',
  guard: ops('workspace:promote'),
})

export const ExecuteBody = z.object({
  ...tenant,
  annotation: Annotation,
  override: Override.optional(),
  webhook: Announcement.optional(),
})
export type ExecuteBody = z.output<typeof ExecuteBody>

export const executePromotion = contract({
  ...acting,
  path: '/workspace/{workspaceId}/promotions/{id}/execute',
  summary: 'Give the target what was checked and approved, all of it at once',
  guard: service('write'),
  body: ExecuteBody.omit({ override: true }),
})
export const opsExecutePromotion = contract({
  ...acting,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}/execute',
  summary: 'Give the target what was checked and approved, all of it at once',
  guard: ops('workspace:promote'),
  body: ExecuteBody,
})

export const RollbackPromotionBody = z.object({ ...tenant, annotation: Annotation, override: Override.optional() })
export type RollbackPromotionBody = z.output<typeof RollbackPromotionBody>

export const rollbackPromotion = contract({
  ...acting,
  path: '/workspace/{workspaceId}/promotions/{id}/rollback',
  summary: 'Give the target back what it had before this promotion',
  guard: service('write'),
  body: RollbackPromotionBody.omit({ override: true }),
})
export const opsRollbackPromotion = contract({
  ...acting,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}/rollback',
  summary: 'Give the target back what it had before this promotion',
  guard: ops('workspace:rollback'),
  body: RollbackPromotionBody,
})

export const RollbackBody = z.object({
  ...tenant,
  version_hash: z.string().regex(/^[0-9a-f]{8,64}$/i, 'must be 8 to 64 hexadecimal digits'),
  environment: EnvironmentName.optional().meta({ description: 'The default one of the workspace unless given' }),
  annotation: Annotation,
  override: Override.optional(),
})
export type RollbackBody = z.output<typeof RollbackBody>

export const opsRollbackWorkspace = contract({
  ...shape,
  method: 'POST',
  path: '/ops/api/workspaces/{workspaceId}/rollback',
  summary: 'Run an earlier version of the workspace again',
  guard: ops('workspace:rollback'),
  params: place,
  body: RollbackBody,
  reply: z.object({
    status: z.literal('ok'),
    version_hash: z.string(),
    environment: z.string(),
    previous_version_hash: z.string().nullable(),
    revision: z.number().int(),
    override_used: z.boolean(),
  }),
})

export const PromoteEnvironment = z.object({
  ...tenant,
  workspace_id: WorkspaceId,
  source_env: EnvironmentName,
  target_env: EnvironmentName.optional().meta({ description: 'dev leads to staging, staging to prod' }),
})
export type PromoteEnvironment = z.output<typeof PromoteEnvironment>

const Outcome = z.object({ source_env: z.string(), target_env: z.string(), version_hash: z.string() })

const promoting = {
  ...shape,
  method: 'POST',
  body: PromoteEnvironment,
  idempotent: true,
  reply: z.object({
    status: z.enum(['ok', 'running']),
    promotion: Outcome.extend({ id: Uuid }),
    result: Outcome.extend({ success: z.boolean() }),
  }),
  acceptedWhen: 'running',
} as const

export const promoteEnvironment = contract({
  ...promoting,
  path: '/workspace/envs/promote',
  summary: 'Check and promote the version of one environment to the next',
  guard: service('write'),
})
export const opsPromoteEnvironment = contract({
  ...promoting,
  path: '/ops/api/workspace/envs/promote',
  summary: 'Check and promote the version of one environment to the next',
  guard: ops('workspace:promote'),
})

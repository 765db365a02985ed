import { z } from 'zod'
import { Override } from '@/lib/governance/contract'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { Checks } from './check'
import { Canary, Promotion, PromotionStatus, PromotionSummary } from './promotion'

export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, _ or -')

export const Annotation = z.object({
  key: z.string().trim().min(1).max(200),
  value: z.string().trim().min(1).max(2_000),
})
export type Annotation = z.output<typeof Annotation>

export const Announcement = z.object({
  url: z.url().max(2_000),
  secret: z.string().min(1).max(500).optional(),
})
export type Announcement = z.output<typeof Announcement>

const tenant = { tenant_id: TenantId.optional() }
const place = z.object({ workspaceId: WorkspaceId })
const one = z.object({ workspaceId: WorkspaceId, id: Uuid })

const Route = z.object({ ...tenant, source_env: EnvironmentName, target_env: EnvironmentName })
export type Route = z.output<typeof Route>

const differ = { message: 'must be another environment than source_env', path: ['target_env'] }
const isRoute = ({ source_env: from, target_env: to }: { source_env: string; target_env: string }) => from !== to

const shape = { tag: 'promotions', verbatim: ['evidence', 'impact', 'skill_pins'] } as const

const checking = {
  ...shape,
  method: 'POST',
  params: place,
  body: Route.refine(isRoute, differ),
  reply: z.object({ checks: Checks }),
} as const

export const opsCheckPromotion = contract({
  ...checking,
  path: '/ops/api/workspaces/{workspaceId}/promotions/check',
  summary: 'What a promotion would have to show, and what of it is shown already; nothing is run and nothing changes',
  guard: ops('workspace:view'),
})
export const checkPromotion = contract({
  ...checking,
  path: '/workspace/{workspaceId}/promotions/check',
  summary: 'What a promotion would have to show, and what of it is shown already',
  guard: service('read'),
})

export const Promoted = z.object({
  source_env: z.string(),
  target_env: z.string(),
  version_hash: z.string(),
  override_used: z.boolean(),
  id: Uuid,
})

export const ExecuteNow = Route.extend({
  annotation: Annotation,
  override: Override.optional(),
  webhook: Announcement.optional(),
})
export type ExecuteNow = z.output<typeof ExecuteNow>

export const opsExecuteNow = contract({
  ...shape,
  method: 'POST',
  path: '/ops/api/workspaces/{workspaceId}/promotions/execute',
  summary: 'Check and promote in one call; refused with its checks where one of them fails',
  guard: ops('workspace:promote'),
  params: place,
  body: ExecuteNow.refine(isRoute, differ),
  reply: z.object({ status: z.enum(['ok', 'running']), promotion: Promoted }),
  acceptedWhen: 'running',
})

export const PromotionFilter = z.object({
  ...tenant,
  status: PromotionStatus.optional(),
  target_env: EnvironmentName.optional(),
  limit: limitOf(200, 50),
  offset: Offset,
})
export type PromotionFilter = z.output<typeof PromotionFilter>

const listing = {
  ...shape,
  method: 'GET',
  params: place,
  query: PromotionFilter,
  reply: z.object({
    promotions: z.array(PromotionSummary),
    total: z.number().int(),
    has_more: z.boolean(),
    limit: z.number().int(),
    offset: z.number().int(),
  }),
} as const

export const listPromotions = contract({
  ...listing,
  path: '/workspace/{workspaceId}/promotions',
  summary: 'Promotions of a workspace, newest first',
  guard: service('read'),
})
export const opsListPromotions = contract({
  ...listing,
  path: '/ops/api/workspaces/{workspaceId}/promotions',
  summary: 'Promotions of a workspace, newest first',
  guard: ops('workspace:view'),
})

const everywhere = {
  ...shape,
  method: 'GET',
  reply: listing.reply,
  query: PromotionFilter.extend({ workspace_id: WorkspaceId.optional() }),
  summary: 'Promotions of all workspaces that the caller may enter, newest first',
} as const

export const listAllPromotions = contract({ ...everywhere, path: '/promotions', guard: service('read') })
export const opsListAllPromotions = contract({
  ...everywhere,
  path: '/ops/api/promotions',
  guard: ops('workspace:view'),
})

const reading = {
  ...shape,
  method: 'GET',
  params: one,
  query: z.object(tenant),
  reply: z.object({ promotion: Promotion }),
} as const

export const getPromotion = contract({
  ...reading,
  path: '/workspace/{workspaceId}/promotions/{id}',
  summary: 'A promotion with its checks as they stand now, their evidence and its approvals',
  guard: service('read'),
})
export const opsGetPromotion = contract({
  ...reading,
  path: '/ops/api/workspaces/{workspaceId}/promotions/{id}',
  summary: 'A promotion with its checks as they stand now, their evidence and its approvals',
  guard: ops('workspace:view'),
})

export const NewPromotion = Route.extend({
  note: z.string().trim().min(1).max(2_000).optional(),
  apply_at: Timestamp.optional().meta({ description: 'Applied by itself then, or as soon as all else is there' }),
  canary: Canary.optional().meta({
    description: 'Beside what the target runs, for some of its users, not in its place',
  }),
  webhook: Announcement.optional(),
})
export type NewPromotion = z.output<typeof NewPromotion>

const state = z.object({ status: z.literal('ok'), promotion: Promotion })

const creating = {
  ...shape,
  method: 'POST',
  params: place,
  body: NewPromotion.refine(isRoute, differ),
  reply: state,
  status: 201,
} as const

export const createPromotion = contract({
  ...creating,
  path: '/workspace/{workspaceId}/promotions',
  summary: 'Ask for a promotion; its checks run in the background',
  guard: service('write'),
})
export const opsCreatePromotion = contract({
  ...creating,
  path: '/ops/api/workspaces/{workspaceId}/promotions',
  summary: 'Ask for a promotion; its checks run in the background',
  guard: ops('workspace:promote'),
})

const acting = { ...shape, method: 'POST', params: one, reply: state } as const

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

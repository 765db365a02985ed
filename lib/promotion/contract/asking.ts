import { z } from 'zod'
import { Override } from '@/lib/governance/contract'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { Checks } from './check'
import { Canary, Promotion, PromotionState, PromotionStatus, PromotionSummary } from './promotion'
import { Annotation, Announcement, differ, EnvironmentName, isRoute, one, place, shape, tenant, Way } from './words'

const checking = {
  ...shape,
  method: 'POST',
  params: place,
  body: Way.refine(isRoute, differ),
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

export const ExecuteNow = Way.extend({
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

export const NewPromotion = Way.extend({
  note: z.string().trim().min(1).max(2_000).optional(),
  apply_at: Timestamp.optional().meta({ description: 'Applied by itself then, or as soon as all else is there' }),
  canary: Canary.optional().meta({
    description: 'Beside what the target runs, for some of its users, not in its place',
  }),
  webhook: Announcement.optional(),
})
export type NewPromotion = z.output<typeof NewPromotion>

const creating = {
  ...shape,
  method: 'POST',
  params: place,
  body: NewPromotion.refine(isRoute, differ),
  reply: PromotionState,
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

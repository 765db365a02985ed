import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

export const WEBHOOK_STATES = ['queued', 'delivered', 'dead'] as const

export const WebhookView = z.object({
  id: z.string(),
  event: z.string(),
  url: z.string().meta({ description: 'Without user, query and whatever in it looks like a key' }),
  trace_id: z.string().nullable(),
  state: z.enum(WEBHOOK_STATES),
  attempts: z.number().int(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  created_at: Timestamp,
  finished_at: Timestamp.nullable(),
})
export type WebhookView = z.infer<typeof WebhookView>

const Attempt = z.object({
  attempt: z.number().int(),
  at: Timestamp,
  duration_ms: z.number().int(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
})

export const WebhookDetail = WebhookView.extend({
  body_bytes: z.number().int(),
  can_retry: z.boolean().meta({ description: 'Dead, and its address and secret are still held' }),
  next_attempt_at: Timestamp.nullable(),
  tries: z.array(Attempt),
})
export type WebhookDetail = z.infer<typeof WebhookDetail>

export const WebhookFilter = z.object({
  tenant_id: TenantId.optional(),
  state: z.enum(WEBHOOK_STATES).optional(),
  trace_id: Uuid.optional(),
  limit: limitOf(200, 50),
  offset: Offset,
})

export const WebhookPage = z.object({
  webhooks: z.array(WebhookView),
  total: z.number().int(),
  has_more: z.boolean(),
  limit: z.number().int(),
  offset: z.number().int(),
  counts: z.record(z.enum(WEBHOOK_STATES), z.number().int()),
})
export type WebhookPage = z.infer<typeof WebhookPage>

const WebhookParams = z.object({ id: Uuid })

export const opsListWebhooks = contract({
  method: 'GET',
  path: '/ops/api/webhooks',
  summary: 'Webhooks of the tenant by state, newest first',
  guard: ops('system:view'),
  tag: 'webhooks',
  query: WebhookFilter,
  reply: WebhookPage,
})

export const opsGetWebhook = contract({
  method: 'GET',
  path: '/ops/api/webhooks/{id}',
  summary: 'A webhook with every attempt to deliver it',
  guard: ops('system:view'),
  tag: 'webhooks',
  params: WebhookParams,
  reply: z.object({ webhook: WebhookDetail }),
})

export const opsRetryWebhook = contract({
  method: 'POST',
  path: '/ops/api/webhooks/{id}/retry',
  summary: 'Deliver a dead webhook again',
  guard: ops('job:manage'),
  tag: 'webhooks',
  params: WebhookParams,
  reply: z.object({ status: z.literal('ok'), webhook: WebhookDetail }),
})

import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { cursorOf, limitOf } from '@/lib/shared/page'
import { isPermission, mayBeOpened, PERMISSIONS, ROLES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'

export const REASON_CODES = ['incident_response', 'hotfix', 'business_deadline', 'data_correction', 'other'] as const
export const ReasonCode = z.enum(REASON_CODES)
export type ReasonCode = z.output<typeof ReasonCode>

export const Justification = z.string().trim().min(10).max(1000)

// Why an exception is made. Who makes it and in which role is known already, so nobody says it here.
export const Override = z.object({
  reason_code: ReasonCode,
  justification: Justification,
  expires_at: Timestamp.optional().meta({ description: 'After this moment the override is refused' }),
})
export type Override = z.output<typeof Override>

export const RECEIPT_KINDS = ['override', 'break_glass', 'reveal'] as const
export type ReceiptKind = (typeof RECEIPT_KINDS)[number]
export const RECEIPT_STATES = ['open', 'overdue', 'acknowledged', 'noted'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

const PermissionName = z.enum(Object.keys(PERMISSIONS).filter(isPermission))

export const Receipt = z.object({
  id: Uuid,
  kind: z.enum(RECEIPT_KINDS),
  state: z.enum(RECEIPT_STATES).meta({
    description: 'open and overdue wait for a second person; noted, as a reveal is, waits for nobody',
  }),
  actor: z.string(),
  user_id: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  action: z.string(),
  target_id: z.string().nullable(),
  workspace_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  reason_code: ReasonCode,
  justification: z.string(),
  permissions: z.array(PermissionName).meta({ description: 'What a break-glass window opened; otherwise empty' }),
  parts: z.array(z.string()).meta({ description: 'What a reveal showed; otherwise empty' }),
  break_glass_id: z.string().nullable().meta({ description: 'The window in which it happened' }),
  created_at: Timestamp,
  expires_at: Timestamp.nullable(),
  closed_at: Timestamp.nullable(),
  is_window_open: z.boolean(),
  due_at: Timestamp.nullable(),
  acknowledged_at: Timestamp.nullable(),
  acknowledged_by: z.string().nullable(),
  note: z.string().nullable(),
  may_acknowledge: z.boolean().meta({ description: 'The caller may, and is not the person who made the exception' }),
})
export type Receipt = z.output<typeof Receipt>

const ReceiptCursor = cursorOf(z.tuple([z.iso.datetime(), Uuid]))

export const ReceiptFilter = z.object({
  tenant_id: TenantId.optional(),
  kind: z.enum(RECEIPT_KINDS).optional(),
  state: z
    .enum(['open', 'overdue', 'acknowledged'])
    .optional()
    .meta({ description: 'open is everything that waits for a second person, overdue ones too' }),
  user_id: z.string().min(1).max(200).optional(),
  limit: limitOf(200, 50),
  cursor: ReceiptCursor.optional(),
})
export type ReceiptFilter = z.output<typeof ReceiptFilter>

export const ReceiptPage = z.object({
  receipts: z.array(Receipt),
  has_more: z.boolean(),
  limit: z.number().int(),
  next_cursor: z.string().nullable(),
  counts: z.object({ open: z.number().int(), overdue: z.number().int() }),
})
export type ReceiptPage = z.output<typeof ReceiptPage>

export const listReceipts = contract({
  method: 'GET',
  path: '/receipts',
  summary: 'Overrides, break-glass windows and reveals, newest first',
  guard: service('read'),
  tag: 'receipts',
  query: ReceiptFilter,
  reply: ReceiptPage,
})
export const opsListReceipts = contract({ ...listReceipts, path: '/ops/api/receipts', guard: ops('audit:view') })

const ReceiptParams = z.object({ id: Uuid })
const Tenant = z.object({ tenant_id: TenantId.optional() })

export const ReceiptActs = z.object({
  receipt: Receipt,
  acts: z
    .array(
      z.object({
        seq: z.number().int(),
        event_type: z.string(),
        entity_id: z.string().nullable(),
        created_at: Timestamp,
      }),
    )
    .meta({ description: 'Audit rows that carry this window, oldest first; empty for other kinds' }),
  acts_capped: z.boolean(),
})
export type ReceiptActs = z.output<typeof ReceiptActs>
export const opsGetReceipt = contract({
  method: 'GET',
  path: '/ops/api/receipts/{id}',
  summary: 'One exception, with every act in it where it is a window',
  guard: ops('audit:view'),
  tag: 'receipts',
  params: ReceiptParams,
  query: Tenant,
  reply: ReceiptActs,
})

const ReceiptDone = z.object({ status: z.literal('ok'), receipt: Receipt })

export const opsAcknowledgeReceipt = contract({
  method: 'POST',
  path: '/ops/api/receipts/{id}/acknowledge',
  summary: 'Acknowledge the exception of somebody else',
  guard: ops('override:use'),
  tag: 'receipts',
  params: ReceiptParams,
  body: Tenant.extend({ note: z.string().trim().min(1).max(1000).optional() }),
  reply: ReceiptDone,
})

export const OPENABLE = Object.keys(PERMISSIONS).filter(isPermission).filter(mayBeOpened)
export const MAX_WINDOW_MINUTES = 60

export const BreakGlassWish = Tenant.extend({
  permissions: z.array(PermissionName).min(1).max(OPENABLE.length),
  reason_code: ReasonCode,
  justification: Justification,
  minutes: z.number().int().min(1).max(MAX_WINDOW_MINUTES),
})
export type BreakGlassWish = z.output<typeof BreakGlassWish>

export const opsOpenBreakGlass = contract({
  method: 'POST',
  path: '/ops/api/break-glass',
  summary: 'Hold named permissions for at most an hour; all administrators are told at once',
  guard: ops('override:use'),
  tag: 'receipts',
  body: BreakGlassWish,
  reply: ReceiptDone,
})
export const opsCloseBreakGlass = contract({
  method: 'POST',
  path: '/ops/api/break-glass/{id}/close',
  summary: 'End a window before its time',
  guard: ops('override:use'),
  tag: 'receipts',
  params: ReceiptParams,
  body: Tenant,
  reply: ReceiptDone,
})
export const BreakGlassView = z.object({
  windows: z.array(Receipt).meta({ description: 'Those that are open now' }),
  mine: Receipt.nullable(),
  openable: z.array(z.object({ permission: PermissionName, means: z.string() })).meta({
    description: 'What the caller could open: what the role does not hold, without what is never opened',
  }),
  never: z.array(z.object({ permission: PermissionName, why: z.string() })),
  max_minutes: z.number().int(),
})
export type BreakGlassView = z.output<typeof BreakGlassView>
export const opsBreakGlass = contract({
  method: 'GET',
  path: '/ops/api/break-glass',
  summary: 'Open windows of the tenant and what the caller could open',
  guard: ops('override:use'),
  tag: 'receipts',
  query: Tenant,
  reply: BreakGlassView,
})

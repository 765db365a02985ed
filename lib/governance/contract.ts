import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf, Offset, wholeOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { Needs } from './contract/who'

export * from './contract/budget'
export * from './contract/decision'
export * from './contract/ledger'
export * from './contract/policy'
export * from './contract/policy-conditions'
export * from './contract/policy-document'
export * from './contract/policy-question'
export * from './contract/receipt'
export * from './contract/redaction'
export * from './contract/who'

export const AuditCursor = cursorOf(z.tuple([z.number().int().min(1)]))

export const AuditFilter = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  trace_id: Uuid.optional(),
  event_type: z.string().min(1).max(80).optional(),
  actor: z.string().min(1).max(200).optional(),
  entity_id: z.string().min(1).max(200).optional(),
  request_id: Uuid.optional(),
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of an actor, entity, user or event type' }),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
  limit: limitOf(1000, 100),
  offset: Offset,
  cursor: AuditCursor.optional(),
})
export type AuditFilter = z.output<typeof AuditFilter>

export const AuditRow = z.object({
  id: z.number().int(),
  seq: z.number().int(),
  tenant_id: z.string(),
  workspace_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  user_id: z.string().nullable(),
  actor: z.string(),
  event_type: z.string(),
  event_data: z.record(z.string(), z.unknown()).nullable().meta({ description: 'null when the payload was erased' }),
  entity_id: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: Timestamp,
  event_hash: z.string(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const AuditPage = z.object({
  entries: z.array(AuditRow),
  total: z.number().int(),
  total_exact: z.boolean(),
  has_more: z.boolean(),
  limit: z.number().int(),
  offset: z.number().int(),
  next_cursor: z.string().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>

const dates = { start_date: ['start_time'], end_date: ['end_time'] } as const
const page = {
  reply: AuditPage,
  camel: true,
  tag: 'audit',
  also: dates,
  aliases: [{ on: 'entries', keys: { timestamp: 'created_at', details: 'event_data' } }],
} as const
export const listAudit = contract({
  method: 'GET',
  path: '/audit',
  summary: 'List audit events, newest first',
  guard: service('read'),
  query: AuditFilter,
  ...page,
})
export const opsListAudit = contract({
  ...listAudit,
  path: '/ops/api/audit',
  guard: ops('audit:view'),
  query: AuditFilter.extend({ limit: limitOf(200, 50) }),
})

export const AuditStats = z.object({
  stats: z.object({
    total_entries: z.number().int(),
    entries_by_type: z.record(z.string(), z.number().int()),
    entries_last_24h: z.number().int(),
    oldest_entry: Timestamp.nullable(),
    newest_entry: Timestamp.nullable(),
    by_hour: z.array(z.object({ hour: Timestamp, count: z.number().int() })),
  }),
})
const Window = z.object({
  tenant_id: TenantId.optional(),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
})
export const auditStats = contract({
  method: 'GET',
  path: '/audit/stats',
  summary: 'Counts of the audit log',
  guard: service('read'),
  tag: 'audit',
  query: Window,
  reply: AuditStats,
  camel: true,
  also: dates,
  aliases: [{ on: 'stats', lift: true }],
})
export const opsAuditStats = contract({ ...auditStats, path: '/ops/api/audit/stats', guard: ops('audit:view') })

const Seq = z.object({ seq: wholeOf(1, Number.MAX_SAFE_INTEGER) })
const TenantQuery = z.object({ tenant_id: TenantId.optional() })

export const Checkpoint = z.object({
  tenant_id: z.string(),
  size: z.number().int(),
  root_hash: z.string(),
  head_hash: z.string().nullable(),
  key_id: z.string(),
  note: z.string().meta({ description: 'C2SP signed note' }),
  created_at: Timestamp,
})
export const AuditHeadView = z.object({
  tenant_id: z.string(),
  size: z.number().int(),
  root_hash: z.string(),
  head_hash: z.string().nullable(),
  checkpoint: Checkpoint.nullable(),
  public_key: z.string().nullable(),
})
export const auditHead = contract({
  method: 'GET',
  path: '/audit/head',
  summary: 'Size and root of the audit tree with its last signed checkpoint',
  guard: service('read'),
  tag: 'audit',
  query: TenantQuery,
  reply: AuditHeadView,
})
export const opsAuditHead = contract({ ...auditHead, path: '/ops/api/audit/head', guard: ops('audit:view') })

export const InclusionProof = z.object({
  tenant_id: z.string(),
  seq: z.number().int(),
  leaf_index: z.number().int(),
  leaf_hash: z.string(),
  tree_size: z.number().int(),
  root_hash: z.string(),
  path: z.array(z.string()),
  canonical: z.string().meta({ description: 'The exact bytes that the leaf hash is taken over' }),
})
const ProofQuery = TenantQuery.extend({ tree_size: wholeOf(1, Number.MAX_SAFE_INTEGER).optional() })
export const auditInclusion = contract({
  method: 'GET',
  path: '/audit/{seq}/proof',
  summary: 'Inclusion proof of one event',
  guard: service('read'),
  tag: 'audit',
  params: Seq,
  query: ProofQuery,
  reply: InclusionProof,
})
export const opsAuditInclusion = contract({
  ...auditInclusion,
  path: '/ops/api/audit/{seq}/proof',
  guard: ops('audit:view'),
})

export const AuditDetail = z.object({
  entry: AuditRow.extend({
    prev_event_hash: z.string().nullable(),
    leaf_hash: z.string(),
    erased_at: Timestamp.nullable(),
  }),
  explanation: z.object({
    group: z.string(),
    means: z.string(),
    written_by: z.string().meta({ description: 'The part of the product that writes it' }),
    keys: z.array(z.string()).meta({ description: 'What its data may carry' }),
    needs: Needs,
  }),
  proven: z.boolean().meta({ description: 'The inclusion proof was checked against the current root just now' }),
  sealed_by: Checkpoint.nullable().meta({ description: 'First signed checkpoint that covers the event' }),
})
export const auditEntry = contract({
  method: 'GET',
  path: '/audit/{seq}',
  summary: 'One audit event with its proof state',
  guard: service('read'),
  tag: 'audit',
  params: Seq,
  query: TenantQuery,
  reply: AuditDetail,
})
export const opsAuditEntry = contract({ ...auditEntry, path: '/ops/api/audit/{seq}', guard: ops('audit:view') })

export const ConsistencyProof = z.object({
  tenant_id: z.string(),
  from_size: z.number().int(),
  to_size: z.number().int(),
  from_root: z.string(),
  to_root: z.string(),
  path: z.array(z.string()),
})
export const auditConsistency = contract({
  method: 'GET',
  path: '/audit/consistency',
  summary: 'Proof that the log only grew',
  guard: service('read'),
  tag: 'audit',
  query: TenantQuery.extend({
    from_size: wholeOf(1, Number.MAX_SAFE_INTEGER),
    to_size: wholeOf(1, Number.MAX_SAFE_INTEGER).optional(),
  }),
  reply: ConsistencyProof,
})
export const opsAuditConsistency = contract({
  ...auditConsistency,
  path: '/ops/api/audit/consistency',
  guard: ops('audit:view'),
})

export const Verification = z.object({
  ok: z.boolean(),
  tenant_id: z.string(),
  checked: z.number().int(),
  payloads_checked: z.number().int(),
  payloads_erased: z.number().int(),
  size: z.number().int(),
  root_hash: z.string(),
  duration_ms: z.number().int(),
  payload_duration_ms: z.number().int(),
  failures: z.array(z.object({ code: z.string(), seq: z.number().int().nullable(), message: z.string() })),
  checkpoints_checked: z.number().int(),
})
export const auditVerify = contract({
  method: 'POST',
  path: '/audit/verify',
  summary: 'Verify the whole log of the tenant now',
  guard: service('read'),
  tag: 'audit',
  body: TenantQuery,
  reply: Verification,
})
export const opsAuditVerify = contract({ ...auditVerify, path: '/ops/api/audit/verify', guard: ops('audit:view') })

export const opsAuditExportChain = contract({
  method: 'GET',
  path: '/ops/api/audit-chain/export',
  summary: 'The chain as JSON',
  guard: ops('audit:view'),
  tag: 'audit',
  query: TenantQuery,
  reply: z.object({
    tenant_id: z.string(),
    verification: z.object({ ok: z.boolean(), failures: z.array(z.string()) }),
    chain: z.array(
      z.object({
        seq: z.number().int(),
        event_hash: z.string(),
        prev_event_hash: z.string().nullable(),
        canonical: z.string(),
      }),
    ),
  }),
})
export const opsExport = contract({
  method: 'POST',
  path: '/ops/api/exports',
  summary: 'Signed export bundle (gzip tar) for offline verification',
  guard: ops('audit:view'),
  tag: 'audit',
  body: z.object({
    tenant_id: TenantId.optional(),
    workspace_id: WorkspaceId.optional().meta({ description: 'Narrows the traces; the log is proven as a whole' }),
    trace_id: Uuid.optional().meta({ description: 'Narrows the traces to one' }),
    start_date: Timestamp.optional(),
    end_date: Timestamp.optional(),
  }),
  replyType: 'download',
})
export const opsErasePayload = contract({
  method: 'POST',
  path: '/ops/api/audit/{seq}/erase',
  summary: 'Erase the payload of one event; its proof still verifies',
  guard: ops('retention:modify'),
  tag: 'audit',
  params: Seq,
  body: z.object({ tenant_id: TenantId.optional(), justification: z.string().trim().min(10).max(500) }),
  reply: z.object({ status: z.literal('ok'), seq: z.number().int(), erased_at: Timestamp }),
})

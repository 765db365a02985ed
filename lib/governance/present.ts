import type { z } from 'zod'
import type { AuditRow, Checkpoint } from './contract'
import type { CheckpointRow, EntryRow } from './store'

const payloadOf = (data: string | null): Record<string, unknown> | null =>
  data === null || data === '' ? null : (JSON.parse(data) as Record<string, unknown>)

export const presentEntry = (tenantId: string, row: EntryRow): AuditRow => ({
  id: row.seq,
  seq: row.seq,
  tenant_id: tenantId,
  workspace_id: row.workspaceId,
  trace_id: row.traceId,
  user_id: row.userId,
  actor: row.actor,
  event_type: row.eventType,
  event_data: payloadOf(row.data),
  entity_id: row.entityId,
  request_id: row.requestId,
  created_at: row.createdAt,
  event_hash: row.eventHash,
})

export const presentCheckpoint = (tenantId: string, row: CheckpointRow): z.input<typeof Checkpoint> => ({
  tenant_id: tenantId,
  size: row.size,
  root_hash: row.rootHash,
  head_hash: row.headHash,
  key_id: row.keyId,
  note: row.note,
  created_at: row.createdAt,
})

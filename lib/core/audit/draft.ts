import { randomBytes } from 'node:crypto'
import { stableJson } from '@/lib/shared/stable-json'
import { type AuditEvent, isAuditEvent } from '../audit-events'
import { redactValue } from '../redact'
import { canonicalFrame, commitPayload, type Frame } from './canonical'

export type AuditDraft = {
  event: AuditEvent
  actor: string
  entityId?: string
  workspaceId?: string
  traceId?: string
  userId?: string | null
  requestId?: string
  data?: object
}

export type Prepared = {
  frame: Frame
  eventType: AuditEvent
  actor: string
  userId: string | null
  workspaceId: string | null
  traceId: string | null
  entityId: string | null
  requestId: string | null
  salt: string
  data: string
}

const SALT_BYTES = 16
const UNSTORABLE = /[\0\ud800-\udfff]/

// PostgreSQL stores neither NUL nor half a surrogate pair; both databases must hold the same bytes.
const clean = (value: string): string =>
  UNSTORABLE.test(value) ? value.replace(/\0|\p{Surrogate}/gu, '\ufffd') : value

const cleanOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? clean(value) : null)

export const prepareDrafts = (tenantId: string, drafts: readonly AuditDraft[], now: Date): Prepared[] => {
  const salts = randomBytes(SALT_BYTES * drafts.length).toString('hex')
  const width = SALT_BYTES * 2
  const createdAt = now.toISOString()
  return drafts.map((draft, i) => prepare(tenantId, draft, createdAt, salts.slice(i * width, (i + 1) * width)))
}

const prepare = (tenantId: string, draft: AuditDraft, createdAt: string, salt: string): Prepared => {
  if (!isAuditEvent(draft.event)) throw new TypeError(`audit event ${String(draft.event)} is not in the catalogue`)
  const columns = columnsOf(draft)
  const data = payloadOf(draft, columns.entityId, columns.requestId)
  const commitment = commitPayload(data, salt)
  return { ...columns, frame: canonicalFrame({ ...columns, tenantId, createdAt, commitment }), salt, data }
}

const columnsOf = (draft: AuditDraft) => {
  const data: { entity_id?: unknown; request_id?: unknown } = draft.data ?? {}
  return {
    eventType: draft.event,
    actor: clean(draft.actor),
    userId: cleanOrNull(draft.userId),
    workspaceId: cleanOrNull(draft.workspaceId),
    traceId: cleanOrNull(draft.traceId),
    entityId: cleanOrNull(draft.entityId ?? data.entity_id),
    requestId: cleanOrNull(draft.requestId ?? data.request_id),
  }
}

const payloadOf = (draft: AuditDraft, entityId: string | null, requestId: string | null): string =>
  stableJson({
    ...(redactValue(draft.data ?? {}) as object),
    ...(entityId === null ? {} : { entity_id: entityId }),
    ...(requestId === null ? {} : { request_id: requestId }),
  })

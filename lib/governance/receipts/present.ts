import { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { isPermission, isRole, mayBeOpened } from '@/lib/shared/rbac'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import { RECEIPT_KINDS, ReasonCode, type Receipt, type ReceiptState } from '../contract/receipt'
import type { ReceiptRow } from './store'

const Data = z.object({
  workspace_id: z.string().nullish(),
  trace_id: z.string().nullish(),
  break_glass_id: z.string().nullish(),
  permissions: z.array(z.string()).default([]),
  parts: z.array(z.string()).default([]),
})

export const dataOf = (row: Pick<ReceiptRow, 'data'>) => Data.parse(row.data)

export const isWindowOpen = ({ kind, closedAt, expiresAt }: ReceiptRow, now: Date): boolean =>
  kind === 'break_glass' && closedAt === null && expiresAt !== null && expiresAt > now

export const stateOf = ({ acknowledgedAt, dueAt }: ReceiptRow, now: Date): ReceiptState => {
  if (acknowledgedAt !== null) return 'acknowledged'
  if (dueAt === null) return 'noted'
  return dueAt < now ? 'overdue' : 'open'
}

const mayAcknowledge = ({ identity }: Scope, row: ReceiptRow): boolean =>
  row.acknowledgedAt === null &&
  identity.permissions.has('override:use') &&
  identity.userId !== null &&
  identity.userId !== row.userId

export const presentReceipt = (scope: Scope, row: ReceiptRow): Receipt => {
  const now = scope.clock.now()
  const data = dataOf(row)
  return {
    id: row.id,
    kind: RECEIPT_KINDS.find((kind) => kind === row.kind) ?? 'override',
    state: stateOf(row, now),
    actor: row.actor,
    user_id: row.userId,
    role: isRole(row.role) ? row.role : null,
    action: row.action,
    target_id: row.targetId,
    workspace_id: data.workspace_id ?? null,
    trace_id: data.trace_id ?? null,
    reason_code: ReasonCode.catch('other').parse(row.reasonCode),
    justification: row.justification,
    permissions: data.permissions.filter(isPermission).filter(mayBeOpened),
    parts: data.parts,
    break_glass_id: data.break_glass_id ?? null,
    created_at: toWire(row.createdAt),
    expires_at: toWireOrNull(row.expiresAt),
    closed_at: toWireOrNull(row.closedAt),
    is_window_open: isWindowOpen(row, now),
    due_at: toWireOrNull(row.dueAt),
    acknowledged_at: toWireOrNull(row.acknowledgedAt),
    acknowledged_by: row.acknowledgedBy,
    note: row.note,
    may_acknowledge: mayAcknowledge(scope, row),
  }
}

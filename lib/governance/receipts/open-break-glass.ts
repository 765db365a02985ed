import { dateOf } from '@/lib/core/clock'
import { emit } from '@/lib/core/outbox'
import type { MutateDb, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { BreakGlassWish, Receipt } from '../contract/receipt'
import { alarmWrites } from './alarm'
import { wishedOf } from './break-glass'
import { presentReceipt } from './present'
import { mustFind } from './reach'
import { receiptWrite } from './receipt'
import { lockForWindow, openWindowOf, unseenWindowOf } from './store'

const MINUTE_MS = 60_000

// The guard looks for windows in the tenant that a person belongs to, so there alone they are opened.
const requirePerson = (scope: Scope): string => {
  const { plane, userId, tenantId } = scope.identity
  if (plane === 'ops' && userId !== null && tenantId === scope.tenantId) return userId
  throw new Problem('tenant_access_denied', 'A window is opened by a person, in the tenant they belong to.', {
    tenant_id: scope.tenantId,
  })
}

const write = async (db: MutateDb, writes: readonly CommandWrite[]): Promise<void> => {
  for (const { statement, rows } of writes) await db.run(statement, rows)
}

const refuseSecond = async (db: MutateDb, userId: string, now: Date): Promise<void> => {
  await lockForWindow(db)
  const open = await openWindowOf(db, userId, now)
  if (open) throw new Problem('version_conflict', 'A window of yours is open already. Close it first.', { id: open.id })
}

// Windows one after the other are a role that nobody gave: a day without a second pair of eyes ends them.
const refuseUnseen = async (db: MutateDb, userId: string, now: Date): Promise<void> => {
  const unseen = await unseenWindowOf(db, userId, now)
  if (!unseen) return
  const text = 'A window of yours is overdue. A second person acknowledges it before another one is opened.'
  throw new Problem('permission_denied', text, { id: unseen.id })
}

/** Named permissions for some minutes. The receipt, the audit row and the news to all administrators are one commit. */
export const openBreakGlass = async (
  scope: Scope,
  wish: Omit<BreakGlassWish, 'tenant_id'>,
): Promise<{ status: 'ok'; receipt: Receipt }> => {
  const userId = requirePerson(scope)
  const permissions = wishedOf(scope, wish.permissions)
  const now = scope.clock.now()
  const expiresAt = dateOf(now.getTime() + wish.minutes * MINUTE_MS)
  const justification = scope.redaction.text(wish.justification)
  const reason = { reason_code: wish.reason_code, justification }
  const made = { kind: 'break_glass', action: 'break_glass', targetId: null, reason, isDue: true } as const
  const { id, write: receipt } = receiptWrite(scope, { ...made, data: { permissions }, expiresAt })
  const told = { permissions, ...reason, expires_at: toWire(expiresAt) }
  const alarm = await alarmWrites(scope, { id, ...told })
  const data = { role: scope.identity.role, minutes: wish.minutes, ...told, break_glass_id: id }
  await scope.mutate({ event: 'break_glass_opened', entityId: id, data }, async (db) => {
    await refuseSecond(db, userId, now)
    await refuseUnseen(db, userId, now)
    await write(db, [receipt, ...alarm])
    await emit(db, 'break_glass.opened', { receipt_id: id, actor: scope.actor, ...told })
  })
  scope.log.warn('break-glass window opened', { receipt: id, minutes: wish.minutes, permissions })
  return { status: 'ok', receipt: presentReceipt(scope, await mustFind(scope, id)) }
}

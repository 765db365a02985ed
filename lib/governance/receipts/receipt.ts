import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import type { ReasonCode, ReceiptKind } from '../contract/receipt'
import { insertReceipt } from './sql'

const DAY_MS = 86_400_000

export type NewReceipt = {
  kind: ReceiptKind
  action: string
  targetId: string | null
  reason: { reason_code: ReasonCode; justification: string }
  data: object
  expiresAt?: Date | null
  // A second person has a day to acknowledge it.
  isDue: boolean
}

type Made = { id: string; at: Date; write: CommandWrite }

type Who = Pick<Scope, 'identity' | 'clock' | 'redaction'>

/** The row of an exception. Who made it is taken from the principal alone. */
export const receiptWrite = ({ identity, clock, redaction }: Who, made: NewReceipt): Made => {
  const now = clock.now()
  const id = uuidv7(now.getTime())
  const row = {
    id,
    kind: made.kind,
    actor: identity.actor,
    user: identity.userId,
    role: identity.role,
    action: made.action,
    target: made.targetId,
    reason: made.reason.reason_code,
    why: redaction.text(made.reason.justification),
    data: { ...made.data, ...(identity.breakGlassId === undefined ? {} : { break_glass_id: identity.breakGlassId }) },
    at: storedTime(now),
    until: made.expiresAt ? storedTime(made.expiresAt) : null,
    due: made.isDue ? storedTime(dateOf(now.getTime() + DAY_MS)) : null,
  }
  return { id, at: now, write: { statement: insertReceipt, rows: [row] } }
}

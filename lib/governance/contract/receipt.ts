import { z } from 'zod'
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

import { z } from 'zod'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { wholeOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

export const MOST_DAYS = 366
export const USUAL_DAYS = 30
export const MOST_ROWS = 20

export const Micro = z.number().int()
export const Count = z.number().int()

export const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

export const Window = {
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  days: wholeOf(1, MOST_DAYS).default(USUAL_DAYS).meta({ description: 'Days of UTC, today among them' }),
}

// What the figures are made of, so that nobody takes a sample for the whole.
export const Coverage = z.object({
  retention_mode: z.string(),
  sampling_strategy: z.string().nullable(),
  time_window: z.object({ start: Timestamp, end: Timestamp }),
  disclaimer: z.string(),
})
export type Coverage = z.output<typeof Coverage>

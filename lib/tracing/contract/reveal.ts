import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { traceAliases } from './get'
import { TraceDetail } from './trace'

export const REVEAL_REASONS = ['incident_response', 'hotfix', 'business_deadline', 'data_correction', 'other'] as const

export const opsRevealTrace = contract({
  method: 'POST',
  path: '/ops/api/traces/{id}/reveal',
  summary: 'One trace with its texts, for a reason that the audit log keeps',
  guard: ops('trace:reveal'),
  tag: 'traces',
  camel: true,
  params: z.object({ id: Uuid }),
  body: z.object({
    tenant_id: TenantId.optional(),
    reason_code: z.enum(REVEAL_REASONS),
    justification: z.string().trim().min(10).max(1000),
  }),
  reply: z.object({ trace: TraceDetail }),
  aliases: traceAliases,
})
export type Reveal = z.output<typeof opsRevealTrace.body>

import { z } from 'zod'
import { Justification, REASON_CODES, ReasonCode } from '@/lib/governance/contract/receipt'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { traceAliases } from './get'
import { TraceDetail } from './trace'

export const REVEAL_REASONS = REASON_CODES

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
    reason_code: ReasonCode,
    justification: Justification,
  }),
  reply: z.object({ trace: TraceDetail }),
  aliases: traceAliases,
})
export type Reveal = z.output<typeof opsRevealTrace.body>

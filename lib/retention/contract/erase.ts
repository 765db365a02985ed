import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { REASON_CODES } from './enforce'

export const opsEraseUser = contract({
  method: 'POST',
  path: '/ops/api/retention/erase',
  summary: 'Delete every trace of one user; refused under a legal hold',
  guard: ops('retention:modify'),
  tag: 'retention',
  camel: true,
  body: z.object({
    tenant_id: TenantId.optional(),
    user_id: z.string().min(1).max(256),
    reason_code: z.enum(REASON_CODES),
    justification: z.string().trim().min(10).max(1000),
  }),
  reply: z.object({
    status: z.literal('ok'),
    erased: z.object({
      tenant_id: z.string(),
      traces_deleted: z.number().int(),
      bytes_reclaimed: z.number().int(),
      bodies_deleted: z.number().int(),
      is_complete: z.boolean().meta({ description: 'False: a job does the rest' }),
      left: z.object({ running: z.number().int(), pending: z.number().int() }),
      pass_id: z.string(),
      ids_sha256: z.string(),
    }),
  }),
})

export type Erasure = z.output<typeof opsEraseUser.body>
export type Erased = z.input<typeof opsEraseUser.reply>

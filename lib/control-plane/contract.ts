import { z } from 'zod'
import { contract, service } from '@/lib/shared/contract'

export const Compatibility = z.object({
  compatible: z.boolean(),
  clasper_contract_version: z.string(),
  control_plane_contract_version: z.string().nullable().meta({ description: 'v1 is 1.0.0' }),
  warnings: z.array(z.string()),
  missing_features: z.array(z.string()),
  error: z.string().optional(),
})
export type Compatibility = z.output<typeof Compatibility>

export const getCompatibility = contract({
  method: 'GET',
  path: '/api/compatibility',
  summary: 'Whether the backend speaks the contract; 503 with the same body if it does not',
  guard: service('read'),
  tag: 'backend',
  camel: true,
  query: z.object({
    control_plane_url: z.url().max(2048).optional().meta({ description: 'Must have the origin of BACKEND_URL' }),
  }),
  reply: Compatibility,
})

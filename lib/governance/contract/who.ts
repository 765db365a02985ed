import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { wholeOf } from '@/lib/shared/page'
import { isPermission, PERMISSIONS, ROLES, SERVICE_SCOPES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'

const PermissionName = z.enum(Object.keys(PERMISSIONS).filter(isPermission))
const RoleName = z.enum(ROLES)

export const OTHER_DOERS = ['system', 'agent', 'adapter', 'anyone'] as const

export const Needs = z.object({
  permissions: z.array(PermissionName).meta({ description: 'Any one of them, for people' }),
  scopes: z.array(z.enum(SERVICE_SCOPES)).meta({ description: 'Any one of them, for keys' }),
  others: z.array(z.enum(OTHER_DOERS)).meta({
    description: 'Doers without either: the product itself, a run, an external agent, whoever is at the door',
  }),
})

export const WhoCould = z.object({
  seq: z.number().int(),
  event_type: z.string(),
  kind: z.string().nullable(),
  at: Timestamp,
  actor: z.string(),
  needs: Needs,
  roles: z.array(RoleName),
  people: z.array(
    z.object({
      user_id: z.string(),
      name: z.string().nullable(),
      role: RoleName.nullable(),
      through: z.enum(['role', 'break_glass']),
      session_id: z.string().nullable(),
      break_glass_id: z.string().nullable(),
      since: Timestamp,
      is_actor: z.boolean(),
    }),
  ),
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.enum(SERVICE_SCOPES)),
      since: Timestamp,
      is_actor: z.boolean(),
    }),
  ),
  bootstrap_key: z.boolean().meta({ description: 'The key of the environment holds what is needed; it is no row' }),
  is_capped: z.boolean(),
  notes: z.array(z.string()),
})
export type WhoCould = z.output<typeof WhoCould>

export const opsAuditWho = contract({
  method: 'GET',
  path: '/ops/api/audit/{seq}/who',
  summary: 'Who could have done this: the right it needs, and who of this tenant held it at that time',
  guard: ops('audit:view'),
  tag: 'audit',
  params: z.object({ seq: wholeOf(1, Number.MAX_SAFE_INTEGER) }),
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: WhoCould,
})

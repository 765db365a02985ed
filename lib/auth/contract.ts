import { z } from 'zod'
import { anyone, contract, open, ops, service } from '@/lib/shared/contract'
import { KeyId, TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { isPermission, PERMISSIONS, ROLES, SERVICE_SCOPES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'

const RoleName = z.enum(ROLES)
export const ScopeName = z.enum(SERVICE_SCOPES)
const TenantMode = z.enum(['fixed', 'per_user'])
export const PermissionName = z.enum(Object.keys(PERMISSIONS).filter(isPermission))

export const Me = z.object({
  user: z.object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: RoleName.nullable(),
    roles: z.array(RoleName),
    tenant_id: TenantId,
    workspace_id: z.string().nullable(),
    allowed_tenants: z.array(z.string()),
  }),
  permissions: z.array(PermissionName),
  scope: z.object({ tenants: z.array(z.string()), workspaces: z.array(z.string()).nullable() }),
  active_tenant_id: TenantId,
  session: z.object({ expires_at: Timestamp, idle_expires_at: Timestamp }).nullable(),
  break_glass: z
    .object({ id: z.string(), permissions: z.array(PermissionName), expires_at: Timestamp })
    .nullable()
    .meta({ description: 'The window that is open right now, with what the role alone would not allow' }),
})
export type Me = z.infer<typeof Me>

export const opsMe = contract({
  method: 'GET',
  path: '/ops/api/me',
  summary: 'Who am I',
  guard: ops(null),
  tag: 'identity',
  reply: Me,
})

export const WhoAmI = z.object({
  plane: z.enum(['service', 'ops', 'agent', 'internal', 'adapter']),
  actor: z.string(),
  tenant_id: TenantId,
  allowed_tenants: z.union([z.literal('*'), z.array(z.string())]),
  tenant_mode: TenantMode,
  workspace_ids: z.array(z.string()).nullable(),
  scopes: z.array(ScopeName),
  permissions: z.array(PermissionName),
})
export const whoAmI = contract({
  method: 'GET',
  path: '/api/whoami',
  summary: 'What this credential is and may do',
  guard: anyone,
  tag: 'identity',
  reply: WhoAmI,
})

export const ExplainQuery = z.object({
  permission: PermissionName.meta({ description: 'The permission in question' }),
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
})
export const Explanation = z.object({
  allowed: z.boolean(),
  permission: PermissionName,
  reason: z.string(),
  role: RoleName.nullable(),
  required_roles: z.array(RoleName),
  tenant_id: z.string(),
  steps: z.array(z.object({ check: z.string(), passed: z.boolean(), detail: z.string() })),
})
export const opsExplain = contract({
  method: 'GET',
  path: '/ops/api/authz/explain',
  summary: 'Why an action is allowed or refused',
  guard: ops(null),
  actsIn: 'home',
  tag: 'identity',
  query: ExplainQuery,
  reply: Explanation,
})

export const opsSwitchTenant = contract({
  method: 'POST',
  path: '/ops/api/session/tenant',
  summary: 'Act in another allowed tenant',
  guard: ops(null),
  actsIn: 'home',
  tag: 'identity',
  body: z.object({ tenant_id: TenantId }),
  reply: z.object({ status: z.literal('ok'), active_tenant_id: TenantId }),
})

export const ApiKey = z.object({
  id: Uuid,
  name: z.string(),
  prefix: z.string(),
  tenant_id: TenantId,
  allowed_tenants: z.array(z.string()),
  workspace_ids: z.array(z.string()),
  scopes: z.array(ScopeName),
  tenant_mode: TenantMode,
  state: z.enum(['active', 'expiring', 'expired', 'revoked']),
  created_by: z.string(),
  created_at: Timestamp,
  expires_at: Timestamp.nullable(),
  last_used_at: Timestamp.nullable(),
  revoked_at: Timestamp.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

// The bootstrap key signs the audit log with this name.
const RESERVED = new Set(['daemon'])

export const NewKey = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .refine((name) => !RESERVED.has(name.toLowerCase()), 'is the name of the bootstrap key'),
  scopes: z.array(ScopeName).min(1).max(SERVICE_SCOPES.length),
  workspace_ids: z.array(WorkspaceId).max(100).default([]),
  tenant_mode: TenantMode.default('fixed').meta({
    description: 'per_user: the tenant of a call is its user_id, and the key reaches the tenants it has created',
  }),
  allowed_tenants: z.array(TenantId).max(200).default([]).meta({ description: 'Further tenants of a fixed key' }),
  expires_in_days: z.number().int().min(1).max(3650).nullable().default(90),
})

const KeyParams = z.object({ id: KeyId })
export const KeyList = z.object({ keys: z.array(ApiKey) })
export const KeyWithSecret = z.object({
  key: ApiKey,
  secret: z.string().meta({ description: 'Shown once, never stored' }),
})
export const Rotation = z.object({ grace_minutes: z.number().int().min(0).max(10_080).default(60) })
const Done = z.object({ status: z.literal('ok'), key: ApiKey })

export const listKeys = contract({
  method: 'GET',
  path: '/keys',
  summary: 'List API keys',
  guard: service('admin'),
  tag: 'keys',
  reply: KeyList,
})
export const createKey = contract({
  method: 'POST',
  path: '/keys',
  summary: 'Create an API key',
  guard: service('admin'),
  tag: 'keys',
  body: NewKey,
  reply: KeyWithSecret,
  status: 201,
})
export const rotateKey = contract({
  method: 'POST',
  path: '/keys/{id}/rotate',
  summary: 'Replace an API key; the old one lives on for a grace period',
  guard: service('admin'),
  tag: 'keys',
  params: KeyParams,
  body: Rotation,
  reply: KeyWithSecret,
  status: 201,
})
export const revokeKey = contract({
  method: 'DELETE',
  path: '/keys/{id}',
  summary: 'Revoke an API key at once',
  guard: service('admin'),
  tag: 'keys',
  params: KeyParams,
  reply: Done,
})

export const opsListKeys = contract({ ...listKeys, path: '/ops/api/keys', guard: ops('key:manage') })
export const opsCreateKey = contract({ ...createKey, path: '/ops/api/keys', guard: ops('key:manage') })
export const opsRotateKey = contract({ ...rotateKey, path: '/ops/api/keys/{id}/rotate', guard: ops('key:manage') })
export const opsRevokeKey = contract({ ...revokeKey, path: '/ops/api/keys/{id}', guard: ops('key:manage') })

export const opsSignInStart = contract({
  method: 'GET',
  path: '/ops/sign-in/start',
  summary: 'Go to the identity provider',
  guard: open,
  tag: 'identity',
  query: z.object({ callback: z.string().max(2000).optional() }),
  also: { callback: ['callback_url', 'callbackUrl'] },
  replyType: 'redirect',
  rateLimit: { perMinute: 600 },
})
export const opsLogout = contract({
  method: 'POST',
  path: '/ops/logout',
  summary: 'End the session here and at the identity provider',
  guard: open,
  tag: 'identity',
  replyType: 'redirect',
})
export const opsBackchannelLogout = contract({
  method: 'POST',
  path: '/ops/backchannel-logout',
  summary: 'The identity provider ends sessions (OpenID Connect Back-Channel Logout 1.0)',
  guard: open,
  tag: 'identity',
  body: z.object({ logout_token: z.string().min(1).max(16_384) }),
  bodyType: 'form',
  maxBodyBytes: 16_384,
  replyType: 'text',
  rateLimit: { perMinute: 600 },
})

const LibraryPath = z.object({ nextauth: z.array(z.string().max(60)).min(1).max(3) })
export const nextAuthGet = contract({
  method: 'GET',
  path: '/api/auth/{...nextauth}',
  summary: 'Steps of the browser sign-in',
  guard: open,
  tag: 'identity',
  params: LibraryPath,
  replyType: 'redirect',
})
export const nextAuthPost = contract({
  ...nextAuthGet,
  method: 'POST',
  body: z.record(z.string(), z.string()),
  bodyType: 'form',
  maxBodyBytes: 16_384,
})

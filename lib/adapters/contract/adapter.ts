import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

export const RISK_CLASSES = ['low', 'medium', 'high', 'critical'] as const
export const KEY_ALGORITHMS = ['ed25519', 'ES256'] as const

export const AdapterId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/, 'must be 1 to 128 letters, digits or ._:@-')
export const Capability = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/*@-]{0,127}$/, 'must be 1 to 128 letters, digits or ._:/*@-')
const EnvironmentWord = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits or ._-')
export const ToolName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._:/@-]{0,199}$/, 'must be 1 to 200 letters, digits or ._:/@-')

export const AdapterView = z.object({
  adapter_id: z.string(),
  tenant_id: z.string(),
  display_name: z.string(),
  risk_class: z.enum(RISK_CLASSES),
  capabilities: z.array(z.string()),
  tool_capabilities: z.array(z.string()),
  version: z.string(),
  certification_tier: z.string().nullable(),
  enabled: z.boolean(),
  disabled_by: z.string().nullable(),
  disabled_at: Timestamp.nullable(),
  registered_at: Timestamp,
  updated_at: Timestamp,
  last_seen_at: Timestamp,
})
export type AdapterView = z.output<typeof AdapterView>

export const AdapterKeyView = z.object({
  key_id: z.string(),
  version: z.string().nullable(),
  key_alg: z.enum(KEY_ALGORITHMS),
  public_jwk: z.record(z.string(), z.unknown()),
  created_by: z.string(),
  created_at: Timestamp,
  revoked_by: z.string().nullable(),
  revoked_at: Timestamp.nullable(),
})

export const AdapterWithKeys = AdapterView.extend({ telemetry_keys: z.array(AdapterKeyView) })
export type AdapterWithKeys = z.output<typeof AdapterWithKeys>

export const RegisterBody = z.object({
  tenant_id: TenantId.optional(),
  adapter_id: AdapterId,
  display_name: z.string().trim().min(1).max(200),
  risk_class: z.enum(RISK_CLASSES),
  capabilities: z.array(Capability).max(200),
  version: z.string().min(1).max(100),
  enabled: z.boolean().default(true).meta({ description: 'true never undoes what an operator disabled' }),
  certification_tier: z.enum(['verified', 'community', 'experimental']).optional(),
  tool_capabilities: z.array(ToolName).max(500).optional(),
})
export type RegisterBody = z.output<typeof RegisterBody>

const tag = 'external agents'

export const registerAdapter = contract({
  method: 'POST',
  path: '/adapters/register',
  summary: 'An external agent registers itself, or tells of its new version',
  guard: adapter,
  tag,
  body: RegisterBody,
  reply: AdapterView.extend({
    callback_secret: z.string().meta({ description: 'What callbacks to this agent are signed with' }),
  }),
})

const Asked = { tenant_id: TenantId.optional() }
const listing = {
  method: 'GET',
  summary: 'External agents of the tenant, by name',
  tag,
  query: z.object({ ...Asked, limit: limitOf(500, 100), offset: Offset }),
  reply: z.object({
    adapters: z.array(AdapterWithKeys),
    total: z.number().int(),
    limit: z.number().int(),
    offset: z.number().int(),
  }),
} as const
export const listAdapters = contract({ ...listing, path: '/adapters', guard: service('read') })
export const opsListAdapters = contract({ ...listing, path: '/ops/api/adapters', guard: ops('adapter:view') })

export const PublicJwk = z
  .looseObject({ kty: z.enum(['OKP', 'EC']), crv: z.enum(['Ed25519', 'P-256']), x: z.string().min(1).max(200) })
  .refine((jwk) => !('d' in jwk), 'must be a public key: it carries a private part')
export const KeyBody = z.object({
  ...Asked,
  adapter_id: AdapterId,
  version: z.string().min(1).max(100).optional().meta({ description: 'The one version that the key speaks for' }),
  key_alg: z.enum(KEY_ALGORITHMS),
  public_jwk: PublicJwk,
  key_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 letters, digits, _ or -')
    .optional()
    .meta({ description: 'The RFC 7638 thumbprint where none is given' }),
})
export type KeyBody = z.output<typeof KeyBody>

const One = z.object({ adapter: AdapterWithKeys })
const keying = {
  method: 'POST',
  summary: 'Register the public key that telemetry of an external agent is signed with',
  tag,
  body: KeyBody,
  reply: One,
} as const
export const putTelemetryKey = contract({ ...keying, path: '/adapters/telemetry-key', guard: service('write') })
export const opsPutTelemetryKey = contract({
  ...keying,
  path: '/ops/api/adapters/telemetry-key',
  guard: ops('adapter:manage_keys'),
})

export const RevokeKeyBody = z.object({ ...Asked, adapter_id: AdapterId, key_id: z.string().min(1).max(128) })
const revoking = {
  method: 'POST',
  summary: 'Revoke such a key; what it signed before stays verified',
  tag,
  body: RevokeKeyBody,
  reply: One,
} as const
export const revokeTelemetryKey = contract({
  ...revoking,
  path: '/adapters/telemetry-key/revoke',
  guard: service('write'),
})
export const opsRevokeTelemetryKey = contract({
  ...revoking,
  path: '/ops/api/adapters/telemetry-key/revoke',
  guard: ops('adapter:manage_keys'),
})

const Reason = z.string().trim().min(3).max(500)
const switching = {
  method: 'POST',
  tag,
  body: z.object({ ...Asked, adapter_id: AdapterId, reason: Reason }),
  reply: One,
} as const
const disabling = { ...switching, summary: 'Refuse everything that this external agent asks, from now on' } as const
export const disableAdapter = contract({ ...disabling, path: '/adapters/disable', guard: service('admin') })
export const opsDisableAdapter = contract({
  ...disabling,
  path: '/ops/api/adapters/disable',
  guard: ops('adapter:manage_keys'),
})
export const opsEnableAdapter = contract({
  ...switching,
  path: '/ops/api/adapters/enable',
  summary: 'Let an external agent ask again; only a person can',
  guard: ops('adapter:manage_keys'),
})

const Token = z.object({
  token: z.string(),
  token_type: z.literal('X-Adapter-Token'),
  adapter_id: z.string(),
  tenant_id: z.string(),
  workspace_id: z.string(),
  allowed_capabilities: z.array(z.string()),
  expires_at: Timestamp,
})

export const IssueTokenBody = z.object({
  ...Asked,
  adapter_id: AdapterId,
  workspace_id: TenantId.optional(),
  environment: EnvironmentWord.optional().meta({ description: 'The one environment that the token is for' }),
  allowed_capabilities: z.array(Capability).max(200),
})
export type IssueTokenBody = z.output<typeof IssueTokenBody>

export const issueAdapterToken = contract({
  method: 'POST',
  path: '/adapters/token',
  summary: 'A token of two hours for an external agent, for those who do not sign them with ADAPTER_JWT_SECRET',
  guard: service('admin'),
  tag,
  body: IssueTokenBody,
  reply: Token,
})

export const opsProbeToken = contract({
  method: 'GET',
  path: '/ops/api/adapter-probe-token',
  summary: 'A token of five minutes with which a person tries out what an external agent may do',
  guard: ops('adapter:manage_keys'),
  tag,
  query: z.object({
    ...Asked,
    adapter_id: AdapterId.default('clasper-probe'),
    workspace_id: TenantId.optional(),
    environment: EnvironmentWord.optional(),
    capabilities: z
      .string()
      .max(4000)
      .optional()
      .meta({ description: 'Comma-separated; without it those of the registry' }),
  }),
  reply: Token,
})

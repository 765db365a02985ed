import { z } from 'zod'
import { ADAPTER_FIELDS } from './env-adapters'
import { DECISION_FIELDS } from './env-decisions'
import { databaseUrl, type EnvField, flag, hmac, list, role, text, webUrl, whole } from './env-kinds'
import { MCP_FIELDS } from './env-mcp'
import { MODEL_FIELDS } from './env-models'
import { OTLP_FIELDS } from './env-otlp'
import { PROMOTION_FIELDS } from './env-promotions'
import { RUN_FIELDS } from './env-runs'

export type { EnvField } from './env-kinds'

export const ENV_FIELDS = {
  CLASPER_PORT: { group: 'Server', means: 'Listen port', schema: whole(8081, 0, 65535) },
  CLASPER_HOST: { group: 'Server', means: 'Listen address; 0.0.0.0 in containers', schema: text('127.0.0.1') },
  CLASPER_PROFILE: {
    group: 'Server',
    means: 'demo starts the demo identity provider and data, on loopback only',
    schema: z.enum(['', 'demo']).default(''),
  },
  CLASPER_ROLES: {
    group: 'Server',
    means: 'Parts run by this process: web, worker or both',
    schema: text('web,worker')
      .transform((v) => v.split(',').map((part) => part.trim()))
      .pipe(z.array(z.enum(['web', 'worker'])).min(1)),
  },
  CLASPER_TRUSTED_PROXIES: {
    group: 'Server',
    means: 'Addresses whose X-Forwarded-For is believed, comma-separated',
    schema: list(),
  },
  CLASPER_SHUTDOWN_MS: { group: 'Server', means: 'Deadline for a graceful stop', schema: whole(15_000, 100, 600_000) },
  CLASPER_WORKSPACE: { group: 'Server', means: 'Folder of the file workspace', schema: text('./workspace') },
  CLASPER_FAST_LANE: {
    group: 'Server',
    means: 'Answer the API without Next; false sends everything through Next',
    schema: flag(true),
  },
  CLASPER_MAX_BODY_BYTES: {
    group: 'Server',
    means: 'Largest request body',
    schema: whole(1_048_576, 1024, 268_435_456),
  },
  CLASPER_WIRE_ALIASES: { group: 'Server', means: 'Send alias keys besides the canonical ones', schema: flag(true) },
  CLASPER_RATE_LIMIT_PER_MINUTE: {
    group: 'Server',
    means: 'Calls per minute and identity; 0 switches the limit off',
    schema: whole(60_000, 0, 100_000_000),
  },
  CLASPER_LOG_LEVEL: {
    group: 'Server',
    means: 'Least level that is logged',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
  DATABASE_URL: {
    group: 'Database',
    means: 'file: or postgresql: URL; empty means CLASPER_DB_PATH',
    schema: databaseUrl(),
    secret: true,
  },
  CLASPER_DB_PATH: { group: 'Database', means: 'SQLite file', schema: text('./clasper.db') },
  CLASPER_DB_POOL: { group: 'Database', means: 'PostgreSQL connections of one instance', schema: whole(10, 2, 200) },
  CLASPER_DEFAULT_TENANT_ID: { group: 'Identity', means: 'Tenant of the bootstrap key', schema: text('default') },
  AGENT_DAEMON_API_KEY: {
    group: 'Identity',
    means: 'Bootstrap service key of the backend, 32 characters or more',
    schema: text(),
    secret: true,
  },
  CLASPER_DAEMON_ALLOWED_TENANTS: {
    group: 'Identity',
    means: 'Further tenants of the bootstrap key, comma-separated or *',
    schema: list(),
  },
  CLASPER_DAEMON_TENANT_MODE: {
    group: 'Identity',
    means: 'fixed, or per_user: the tenant of a run is its user_id',
    schema: z.enum(['fixed', 'per_user']).default('fixed'),
  },
  CLASPER_ALLOW_PROMPT_OVERRIDE: {
    group: 'Identity',
    means: 'Whether the bootstrap key holds prompt:override',
    schema: flag(true),
  },
  AGENT_JWT_SECRET: {
    group: 'Identity',
    means: 'Secret of agent tokens, 32 characters or more',
    schema: text(),
    secret: true,
  },
  AGENT_JWT_ALGORITHM: { group: 'Identity', means: 'Algorithm of agent tokens', schema: hmac() },
  CLASPER_TENANT_JWT_SECRET: {
    group: 'Identity',
    means: 'Secret of tenant tokens, 32 characters or more',
    schema: text(),
    secret: true,
  },
  CLASPER_TENANT_JWT_ALGORITHM: { group: 'Identity', means: 'Algorithm of tenant tokens', schema: hmac() },
  INTERNAL_API_TOKEN: {
    group: 'Identity',
    means: 'Token of the dispatcher, 32 characters or more',
    schema: text(),
    secret: true,
  },
  OPS_OIDC_ISSUER: { group: 'Operators', means: 'OpenID Connect issuer', schema: webUrl() },
  OPS_OIDC_AUDIENCE: { group: 'Operators', means: 'Audience of bearer tokens', schema: text() },
  OPS_OIDC_CLIENT_ID: { group: 'Operators', means: 'Client of the browser sign-in', schema: text() },
  OPS_OIDC_CLIENT_SECRET: { group: 'Operators', means: 'Secret of that client', schema: text(), secret: true },
  OPS_OIDC_JWKS_URL: { group: 'Operators', means: 'Key set; empty means discovery', schema: webUrl() },
  OPS_OIDC_SIGNING_ALG: {
    group: 'Operators',
    means: 'Algorithm of ID tokens',
    schema: z.enum(['RS256', 'PS256', 'ES256']).default('RS256'),
  },
  OPS_OIDC_SCOPE: {
    group: 'Operators',
    means: 'Scopes asked for at sign-in',
    schema: text('openid email profile offline_access roles'),
  },
  OPS_RBAC_CLAIM: {
    group: 'Operators',
    means: 'Claim that carries the roles; dotted paths allowed',
    schema: text('roles'),
  },
  OPS_TENANT_CLAIM: { group: 'Operators', means: 'Claim that carries the tenant', schema: text('tenant_id') },
  OPS_WORKSPACE_CLAIM: {
    group: 'Operators',
    means: 'Claim that restricts to a workspace',
    schema: text('workspace_id'),
  },
  OPS_ALLOWED_TENANTS_CLAIM: {
    group: 'Operators',
    means: 'Claim with further tenants of an admin',
    schema: text('allowed_tenants'),
  },
  OPS_DEFAULT_ROLE: {
    group: 'Operators',
    means: 'Role of people without a known one; empty refuses them',
    schema: role(),
  },
  OPS_DEV_NO_AUTH: { group: 'Operators', means: 'Development on loopback without any sign-in', schema: flag(false) },
  OPS_LOCAL_API_KEY: {
    group: 'Operators',
    means: 'Key for the ops API on loopback in development',
    schema: text(),
    secret: true,
  },
  NEXTAUTH_URL: {
    group: 'Operators',
    means: 'Public URL of this server; required in production, https unless on loopback',
    schema: webUrl(),
    shown: 'http://localhost:8081',
  },
  NEXTAUTH_SECRET: {
    group: 'Operators',
    means: 'Secret of the session cookie, 32 characters or more',
    schema: text(),
    secret: true,
  },
  CLASPER_SECRETS_KEY: {
    group: 'Operators',
    means: 'Key for tokens at rest, 64 hex characters',
    schema: text().refine((v) => v === '' || /^[0-9a-f]{64}$/i.test(v), 'must be 64 hex characters'),
    secret: true,
  },
  CLASPER_AUDIT_KEY_PATH: { group: 'Audit', means: 'Ed25519 private key (PEM) that signs checkpoints', schema: text() },
  CLASPER_AUDIT_ORIGIN: { group: 'Audit', means: 'Name of this log in checkpoints', schema: text('clasper') },
  CLASPER_CHECKPOINT_FILE: { group: 'Audit', means: 'File to which checkpoints are appended', schema: text() },
  CLASPER_CHECKPOINT_URL: { group: 'Audit', means: 'Webhook that receives each checkpoint', schema: webUrl() },
  CLASPER_CHECKPOINT_SECONDS: {
    group: 'Audit',
    means: 'Least time between two checkpoints of a tenant',
    schema: whole(60, 1, 86_400),
  },
  CLASPER_EXPORT_SIGNING_MODE: {
    group: 'Audit',
    means: 'enforce refuses exports that cannot be signed',
    schema: z.enum(['off', 'enforce']).default('off'),
  },
  CLASPER_BREAK_GLASS_WEBHOOK_URL: {
    group: 'Audit',
    means: 'Webhook that is told of every break-glass window at once',
    schema: webUrl(),
  },
  CLASPER_BREAK_GLASS_WEBHOOK_SECRET: {
    group: 'Audit',
    means: 'Secret that signs that webhook; without one it is not signed',
    schema: text(),
    secret: true,
  },
  CLASPER_WEBHOOK_ALLOW_PRIVATE: {
    group: 'Audit',
    means: 'Allow webhooks to private addresses (development)',
    schema: flag(false),
  },
  CLASPER_STATE_DIR: {
    group: 'Server',
    means: 'Folder for generated keys in development and demo',
    schema: text('./.clasper'),
  },
  ...MODEL_FIELDS,
  ...ADAPTER_FIELDS,
  ...RUN_FIELDS,
  ...DECISION_FIELDS,
  ...MCP_FIELDS,
  ...OTLP_FIELDS,
  ...PROMOTION_FIELDS,
} as const satisfies Record<string, EnvField>

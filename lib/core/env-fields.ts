import { z } from 'zod'

const isTimeZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export type EnvField = {
  group: string
  means: string
  schema: z.ZodType
  also?: readonly string[]
  secret?: boolean
  shown?: string
}

const text = (initial = '') => z.string().max(4096).default(initial)
const whole = (initial: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .default(initial)
const flag = (initial: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .transform((v) => v === 'true' || v === '1')
    .default(initial)
const list = () =>
  text().transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
const webUrl = (initial = '') =>
  text(initial).refine((value) => value === '' || /^https?:\/\/[^\s/]+/.test(value), 'must be an http(s) URL')
const databaseUrl = () =>
  text().refine(
    (value) => value === '' || /^(file:.+|postgres(ql)?:\/\/.+)$/.test(value),
    'must start with file: or postgresql:',
  )
const role = () => z.enum(['', 'viewer', 'operator', 'release_manager', 'admin']).default('')
const hmac = () => z.enum(['HS256', 'HS384', 'HS512']).default('HS256')

const ratio = (initial: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number from 0 to 1')
    .transform(Number)
    .pipe(z.number().min(0).max(1))
    .default(initial)
const timezone = (initial: string) =>
  text(initial).refine((value) => value === '' || isTimeZone(value), 'must be an IANA time zone')
const onUnlessFalse = () => text('true').transform((value) => value.trim().toLowerCase() !== 'false')
const PROVIDERS = ['openai', 'anthropic', 'google', 'xai', 'groq', 'mistral', 'openrouter', 'demo'] as const
const providerKey = (name: string) => ({
  group: 'Models',
  means: `Key of ${name}`,
  schema: text(),
  secret: true,
})
const providerUrl = (name: string) => ({
  group: 'Models',
  means: `Other address of ${name}: a gateway, a compatible server, a closed network`,
  schema: webUrl(),
})

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
  CLASPER_WEBHOOK_ALLOW_PRIVATE: {
    group: 'Audit',
    means: 'Allow webhooks to private addresses (development)',
    schema: flag(false),
  },
  LLM_PROVIDER: {
    group: 'Models',
    means: 'Provider of models that are named without one; demo is the built-in one',
    schema: z.enum(PROVIDERS).default('openai'),
  },
  LLM_MODEL_DEFAULT: {
    group: 'Models',
    means: 'Model of runs, as id or provider/id',
    schema: text('gpt-4o-mini'),
    also: ['OPENAI_MODEL_DEFAULT'],
  },
  LLM_MODEL_CHEAP: {
    group: 'Models',
    means: 'Model of summaries; empty means the default',
    schema: text(),
    also: ['OPENAI_MODEL_CHEAP'],
  },
  LLM_MODEL_BEST: { group: 'Models', means: 'Strongest model on offer', schema: text(), also: ['OPENAI_MODEL_BEST'] },
  LLM_MODEL_FALLBACK: {
    group: 'Models',
    means: 'Model that is asked when the first one fails; it may be of another provider',
    schema: text(),
    also: ['OPENAI_MODEL_FALLBACK'],
  },
  CLASPER_PRICES_PATH: {
    group: 'Models',
    means: 'JSON file with prices of further models, or other prices of known ones',
    schema: text(),
  },
  CLASPER_ALLOW_DEMO_MODEL: {
    group: 'Models',
    means: 'Allow the built-in demo model in production',
    schema: flag(false),
  },
  OPENAI_API_KEY: providerKey('OpenAI'),
  ANTHROPIC_API_KEY: providerKey('Anthropic'),
  GEMINI_API_KEY: { ...providerKey('Google'), also: ['GOOGLE_API_KEY'] },
  XAI_API_KEY: providerKey('xAI'),
  GROQ_API_KEY: providerKey('Groq'),
  MISTRAL_API_KEY: providerKey('Mistral'),
  OPENROUTER_API_KEY: providerKey('OpenRouter'),
  LLM_BASE_URL_OPENAI: providerUrl('OpenAI'),
  LLM_BASE_URL_ANTHROPIC: providerUrl('Anthropic'),
  LLM_BASE_URL_GOOGLE: providerUrl('Google'),
  LLM_BASE_URL_XAI: providerUrl('xAI'),
  LLM_BASE_URL_GROQ: providerUrl('Groq'),
  LLM_BASE_URL_MISTRAL: providerUrl('Mistral'),
  LLM_BASE_URL_OPENROUTER: providerUrl('OpenRouter'),
  CLASPER_RETRY_ATTEMPTS: { group: 'Models', means: 'Attempts per model', schema: whole(3, 1, 10) },
  CLASPER_RETRY_DELAY_MS: {
    group: 'Models',
    means: 'Wait before the second attempt; doubles',
    schema: whole(1_000, 0, 60_000),
  },
  CLASPER_RETRY_MAX_DELAY_MS: { group: 'Models', means: 'Longest wait', schema: whole(30_000, 0, 600_000) },
  CLASPER_RETRY_JITTER: { group: 'Models', means: 'Share of the wait that is random', schema: ratio(0.1) },
  CLASPER_MODEL_HEADER_MS: {
    group: 'Models',
    means: 'Time for a provider to begin its answer',
    schema: whole(60_000, 100, 600_000),
  },
  CLASPER_MODEL_IDLE_MS: {
    group: 'Models',
    means: 'Time without any sign in the middle of an answer',
    schema: whole(30_000, 100, 600_000),
  },
  CLASPER_MAX_OUTPUT_TOKENS: {
    group: 'Runs',
    means: 'Tokens that one model call may answer with, unless the caller says less or more',
    schema: whole(4_096, 1, 1_000_000),
  },
  CLASPER_RUN_TIMEOUT_MS: { group: 'Runs', means: 'Deadline of a run', schema: whole(120_000, 100, 3_600_000) },
  CLASPER_MODE: {
    group: 'Runs',
    means: 'What happens where no policy speaks: permissive, guarded, or strict, which refuses tool calls',
    schema: z.enum(['permissive', 'guarded', 'strict']).default('guarded'),
  },
  CLASPER_MAX_STEPS: { group: 'Runs', means: 'Model calls in one run', schema: whole(25, 1, 500) },
  CLASPER_DEFAULT_TASK: { group: 'Runs', means: 'Title of the task when a caller names none', schema: text() },
  CLASPER_WORKSPACES: {
    group: 'Runs',
    means: 'Folder with <tenant>/<workspace> folders; empty means that only the one file workspace exists',
    schema: text(),
  },
  CLASPER_CONTEXT_WARNING_THRESHOLD: {
    group: 'Runs',
    means: 'Percent of the context window from which a reply warns',
    schema: whole(75, 1, 100),
  },
  CLASPER_DEFAULT_TIMEZONE: { group: 'Runs', means: 'Time zone of prompts; empty means UTC', schema: timezone('') },
  CLASPER_INCLUDE_TIME_CONTEXT: {
    group: 'Runs',
    means: 'Tell the model the time; only false turns it off',
    schema: onUnlessFalse(),
  },
  CLASPER_HEARTBEAT_ACK_MAX_CHARS: {
    group: 'Runs',
    means: 'Longest text beside HEARTBEAT_OK that is still silence',
    schema: whole(300, 0, 10_000),
  },
  CLASPER_SMART_CONTEXT: {
    group: 'Runs',
    means: 'Choose skills and memory that fit the message instead of sending all',
    schema: flag(false),
  },
  CLASPER_SMART_CONTEXT_MAX_SKILLS: { group: 'Runs', means: 'Skills that are chosen', schema: whole(5, 0, 64) },
  CLASPER_SMART_CONTEXT_MAX_MEMORY: { group: 'Runs', means: 'Memory pieces that are chosen', schema: whole(3, 0, 100) },
  CLASPER_SMART_CONTEXT_MAX_TOKENS: {
    group: 'Runs',
    means: 'Token limit of what is chosen; 0 is none',
    schema: whole(0, 0, 1_000_000),
  },
  CLASPER_EMBEDDING_PROVIDER: {
    group: 'Runs',
    means: 'Embeddings for smart context besides key words',
    schema: z.enum(['none', 'openai']).default('none'),
  },
  CLASPER_EMBEDDING_MODEL: { group: 'Runs', means: 'Embedding model', schema: text() },
  BACKEND_URL: {
    group: 'Backend',
    means: 'Address of the backend (control plane)',
    schema: webUrl('http://localhost:8000'),
  },
  CLASPER_BACKEND_TIMEOUT_MS: {
    group: 'Backend',
    means: 'Time for one call of the backend',
    schema: whole(10_000, 100, 120_000),
  },
  CLASPER_BACKEND_ATTEMPTS: { group: 'Backend', means: 'Attempts per call of the backend', schema: whole(3, 1, 10) },
  CLASPER_TOOL_TIMEOUT_MS: { group: 'Backend', means: 'Time for one tool call', schema: whole(30_000, 100, 600_000) },
  CLASPER_TOOL_ALLOW_PRIVATE: {
    group: 'Backend',
    means: 'Allow tools of skills to call private addresses (development)',
    schema: flag(false),
  },
  AGENT_DAEMON_URL: {
    group: 'Command line',
    means: 'Address of the Clasper server for dispatcher and run',
    schema: webUrl('http://localhost:8081'),
  },
  DISPATCH_LIMIT_USERS: { group: 'Command line', means: 'Users per dispatcher turn', schema: whole(25, 1, 1000) },
  DISPATCH_LIMIT_NOTIFICATIONS: {
    group: 'Command line',
    means: 'Notifications per user and turn',
    schema: whole(25, 1, 1000),
  },
  DISPATCH_MIN_INTERVAL_SEC: {
    group: 'Command line',
    means: 'Seconds between turns with work',
    schema: whole(2, 0, 3600),
  },
  DISPATCH_MAX_INTERVAL_SEC: {
    group: 'Command line',
    means: 'Longest pause without work, in seconds',
    schema: whole(30, 1, 86_400),
  },
  USER_ID: { group: 'Command line', means: 'User of heartbeat and standup', schema: text() },
  AGENT_ROLE: { group: 'Command line', means: 'Role of heartbeat and standup', schema: text('agent') },
  STANDUP_TIMEZONE: { group: 'Command line', means: 'Time zone of the standup', schema: timezone('UTC') },
  CONTROL_PLANE_URL: {
    group: 'Command line',
    means: 'Backend that conformance checks',
    schema: webUrl('http://localhost:8000'),
  },
  AGENT_TOKEN: {
    group: 'Command line',
    means: 'Agent token that conformance uses; empty makes one with AGENT_JWT_SECRET',
    schema: text(),
    secret: true,
  },
  CONFORMANCE_REPORT_DIR: {
    group: 'Command line',
    means: 'Folder for the conformance report',
    schema: text('./conformance-results'),
  },
  MC_LITE_PORT: { group: 'Command line', means: 'Port of the reference backend', schema: whole(9001, 0, 65535) },
  MC_LITE_DB: {
    group: 'Command line',
    means: 'File of the reference backend; empty means mission-control-lite.db in CLASPER_STATE_DIR',
    schema: text(),
  },
  BACKEND_SEED: {
    group: 'Command line',
    means: 'Tenants that get a demo conversation in the reference backend, comma-separated',
    schema: list(),
  },
  CLASPER_STATE_DIR: {
    group: 'Server',
    means: 'Folder for generated keys in development and demo',
    schema: text('./.clasper'),
  },
} as const satisfies Record<string, EnvField>

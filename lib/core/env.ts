import { z } from 'zod'
import { ENV_FIELDS, type EnvField } from './env-fields'

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    )
  }
}

const shape = Object.fromEntries(Object.entries(ENV_FIELDS).map(([name, field]) => [name, field.schema])) as {
  [N in keyof typeof ENV_FIELDS]: (typeof ENV_FIELDS)[N]['schema']
}
const EnvSchema = z.object(shape)

type Raw = Readonly<Record<string, string | undefined>>

export type Env = Readonly<z.output<typeof EnvSchema>> & {
  readonly nodeEnv: 'production' | 'development' | 'test'
  readonly profile: 'production' | 'development' | 'demo' | 'test'
  readonly isProduction: boolean
  readonly databaseUrl: string
  readonly isBuild: boolean
}

const present = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text)

const lookUp = (raw: Raw, name: string, field: EnvField): string | undefined => {
  const names = [
    name,
    ...(name.startsWith('CLASPER_') ? [name.replace('CLASPER_', 'WOMBAT_')] : []),
    ...(field.also ?? []),
  ]
  return names.map((candidate) => present(raw[candidate])).find((value) => value !== undefined)
}

const nodeEnvOf = (raw: Raw): Env['nodeEnv'] =>
  raw['NODE_ENV'] === 'production' ? 'production' : raw['NODE_ENV'] === 'test' ? 'test' : 'development'

const databaseUrlOf = (url: string, path: string): string => (url === '' ? `file:${path}` : url)

// A field that cannot be read counts with its default, so that the rules between fields are checked all the same.
const readFields = (raw: Raw): { values: Values; faults: string[] } => {
  const given = Object.fromEntries(Object.entries(ENV_FIELDS).map(([name, field]) => [name, lookUp(raw, name, field)]))
  const parsed = EnvSchema.safeParse(given)
  if (parsed.success) return { values: parsed.data, faults: [] }
  const unreadable = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
  const readable = Object.fromEntries(Object.entries(given).filter(([name]) => !unreadable.has(name)))
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return { values: EnvSchema.parse(readable), faults }
}

export const parseEnv = (raw: Raw): Env => {
  const { values, faults } = readFields(raw)
  const nodeEnv = nodeEnvOf(raw)
  const isBuild = raw['NEXT_PHASE'] === 'phase-production-build' || raw['CLASPER_BUILD'] === '1'
  const all = [...faults, ...(isBuild ? [] : crossChecks(values, nodeEnv))]
  if (all.length > 0) throw new ConfigError(all)
  return Object.freeze({
    ...values,
    nodeEnv,
    profile: values.CLASPER_PROFILE === 'demo' ? 'demo' : nodeEnv,
    isProduction: nodeEnv === 'production',
    databaseUrl: databaseUrlOf(values.DATABASE_URL, values.CLASPER_DB_PATH),
    isBuild,
  })
}

type Values = z.output<typeof EnvSchema>

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)

const isPlainAbroad = (url: string): boolean =>
  url.startsWith('http://') && !(URL.canParse(url) && isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')))

type Rule = readonly [broken: boolean, text: string]

const SECRETS = [
  ...(['AGENT_JWT_SECRET', 'CLASPER_TENANT_JWT_SECRET', 'AGENT_DAEMON_API_KEY', 'INTERNAL_API_TOKEN'] as const),
  ...(['ADAPTER_JWT_SECRET', 'CLASPER_TOOL_TOKEN_SECRET', 'CLASPER_DECISION_TOKEN_SECRET'] as const),
] as const
const DIFFERENT = ['NEXTAUTH_SECRET', ...SECRETS] as const
const LEAST = 32

// One secret for two purposes lets what is made for one of them pass for the other.
const secretRules = (v: Values): Rule[] => [
  ...SECRETS.map(
    (name): Rule => [
      v[name] !== '' && v[name].length < LEAST,
      `${name}: needs at least ${LEAST} characters in production`,
    ],
  ),
  ...DIFFERENT.flatMap((name, at) =>
    DIFFERENT.slice(at + 1).map(
      (other): Rule => [v[name] !== '' && v[name] === v[other], `${name}, ${other}: must differ in production`],
    ),
  ),
]

const productionRules = (v: Values): Rule[] => [
  [v.NEXTAUTH_URL === '', 'NEXTAUTH_URL: is required in production (the public URL of this server)'],
  [v.NEXTAUTH_SECRET.length < LEAST, `NEXTAUTH_SECRET: needs at least ${LEAST} characters in production`],
  [v.CLASPER_SECRETS_KEY === '', 'CLASPER_SECRETS_KEY: is required in production (64 hex characters)'],
  [
    v.CLASPER_PROFILE !== 'demo' && isPlainAbroad(v.NEXTAUTH_URL),
    'NEXTAUTH_URL: must be https in production, except on loopback',
  ],
  [
    v.CLASPER_PROFILE !== 'demo' && v.OPS_OIDC_ISSUER.startsWith('http://'),
    'OPS_OIDC_ISSUER: must be https in production',
  ],
  ...secretRules(v),
]

const crossChecks = (v: Values, nodeEnv: Env['nodeEnv']): string[] => {
  const production = nodeEnv === 'production'
  const rules: Rule[] = [
    ...(production ? productionRules(v) : []),
    [
      v.CLASPER_PROFILE === 'demo' && !isLoopback(v.CLASPER_HOST),
      'CLASPER_PROFILE: demo works only with a CLASPER_HOST on loopback',
    ],
    [
      v.CLASPER_SECRETS_KEY !== '' && v.CLASPER_SECRETS_KEY === v.NEXTAUTH_SECRET,
      'CLASPER_SECRETS_KEY: must differ from NEXTAUTH_SECRET',
    ],
    [
      v.OPS_OIDC_ISSUER !== '' && (v.OPS_OIDC_CLIENT_ID === '' || v.OPS_OIDC_CLIENT_SECRET === ''),
      'OPS_OIDC_CLIENT_ID, OPS_OIDC_CLIENT_SECRET: are required with OPS_OIDC_ISSUER',
    ],
    [
      v.OPS_DEV_NO_AUTH && (production || v.OPS_OIDC_ISSUER !== '' || !isLoopback(v.CLASPER_HOST)),
      'OPS_DEV_NO_AUTH: works only outside production, without OPS_OIDC_ISSUER and on loopback',
    ],
    [
      v.OPS_LOCAL_API_KEY !== '' && (production || !isLoopback(v.CLASPER_HOST)),
      'OPS_LOCAL_API_KEY: works only outside production and on loopback',
    ],
  ]
  return rules.filter(([broken]) => broken).map(([, text]) => text)
}

// biome's noProcessEnv has one home: here.
export const readProcessEnv = (): Raw => process.env

// Skills say what they need of their host; that something is set is all that they learn.
export const hasVariable = (name: string): boolean => present(process.env[name]) !== undefined

// Secrets that headers of skill tools name. They are read when a call is made, and held by nobody.
export const toolSecret = (name: string): string | undefined =>
  /^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? present(process.env[`CLASPER_TOOL_SECRET_${name}`]) : undefined

const hostsOf = (name: string): readonly string[] | null => {
  const text = present(process.env[`CLASPER_TOOL_HOSTS_${name}`])
  return text === undefined ? null : text.split(/[\s,]+/).map((host) => host.toLowerCase())
}

const isAmong = (hosts: readonly string[], host: string): boolean =>
  hosts.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : one === host))

/** The same for whoever it may be told: a host of the operator's list where there is one, or `program` for no host. */
export const toolSecretFor = (name: string, host: string | null): string | undefined => {
  const secret = toolSecret(name)
  const hosts = secret === undefined ? null : hostsOf(name)
  return hosts === null || isAmong(hosts, host?.toLowerCase() ?? 'program') ? secret : undefined
}

export const searchPath = (): string => process.env['PATH'] ?? ''

// next-auth reads its own address from the process environment and from nowhere else.
export const shareWithNextAuth = (publicUrl: string): void => {
  process.env['NEXTAUTH_URL'] = publicUrl
}

// The SDKs below the model library read these and offer no option: they would print answers that they cannot parse,
// and send Gemini's calls to another service.
export const shieldModelLibraries = (): void => {
  process.env['OPENAI_LOG'] = 'off'
  process.env['ANTHROPIC_LOG'] = 'off'
  delete process.env['GOOGLE_GENAI_USE_VERTEXAI']
  delete process.env['GOOGLE_GENAI_USE_ENTERPRISE']
}

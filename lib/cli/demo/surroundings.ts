import { join } from 'node:path'
import type { Secrets } from './secrets'

export type Place = {
  home: string
  host: string
  port: number
  publicUrl: string
  issuer: string
  backendUrl: string
  models?: Readonly<Record<string, string>>
  databaseUrl: string
  workspace: string
  nodeEnv: 'production' | 'development'
}

export const DEMO_TENANT = 'acme'
export const DEMO_AUDIENCE = 'urn:clasper:ops'
// Asked by nobody but the built-in model: what the shell says of other models must not leak in.
export const DEMO_MODELS = {
  LLM_PROVIDER: 'demo',
  LLM_MODEL_DEFAULT: 'demo/clasper-demo',
  LLM_MODEL_CHEAP: 'demo/clasper-demo',
  LLM_MODEL_BEST: 'demo/clasper-demo',
  LLM_MODEL_FALLBACK: '',
  OPENAI_MODEL_FALLBACK: '',
} as const

export const DEMO_CONSOLE_CLIENT = 'clasper-console'

// The whole configuration of a demo server, spelled as the variables that a real one is given.
export const surroundingsOf = (place: Place, secrets: Secrets): Record<string, string> => ({
  NODE_ENV: place.nodeEnv,
  NEXT_TELEMETRY_DISABLED: '1',
  CLASPER_PROFILE: 'demo',
  CLASPER_HOST: place.host,
  CLASPER_PORT: String(place.port),
  CLASPER_STATE_DIR: place.home,
  CLASPER_WORKSPACE: place.workspace,
  DATABASE_URL: place.databaseUrl,
  NEXTAUTH_URL: place.publicUrl,
  NEXTAUTH_SECRET: secrets.session_secret,
  CLASPER_SECRETS_KEY: secrets.secrets_key,
  AGENT_DAEMON_API_KEY: secrets.service_key,
  CLASPER_DEFAULT_TENANT_ID: DEMO_TENANT,
  AGENT_JWT_SECRET: secrets.agent_jwt_secret,
  CLASPER_TENANT_JWT_SECRET: secrets.tenant_jwt_secret,
  INTERNAL_API_TOKEN: secrets.internal_token,
  BACKEND_URL: place.backendUrl,
  CONTROL_PLANE_URL: place.backendUrl,
  BACKEND_SEED: DEMO_TENANT,
  MC_LITE_DB: join(place.home, 'mission-control-lite.db'),
  AGENT_DAEMON_URL: place.publicUrl,
  CLASPER_DEFAULT_TASK: '',
  WOMBAT_DEFAULT_TASK: '',
  ...(place.models ?? DEMO_MODELS),
  OPS_OIDC_ISSUER: place.issuer,
  OPS_OIDC_AUDIENCE: DEMO_AUDIENCE,
  OPS_OIDC_CLIENT_ID: DEMO_CONSOLE_CLIENT,
  OPS_OIDC_CLIENT_SECRET: secrets.client_secret,
})

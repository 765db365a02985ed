import { z } from 'zod'
import { type EnvField, hmac, text, whole } from './env-kinds'

// Agents that run elsewhere: what they show, what they sign, and how much of it is asked for.
export const ADAPTER_FIELDS = {
  ADAPTER_JWT_SECRET: {
    group: 'External agents',
    means: 'Secret of adapter tokens, 32 characters or more; empty in development takes one made from the local key',
    schema: text(),
    secret: true,
  },
  ADAPTER_JWT_ALGORITHM: { group: 'External agents', means: 'Algorithm of adapter tokens', schema: hmac() },
  CLASPER_LOCAL_TENANT_ID: {
    group: 'External agents',
    means: 'Tenant of adapter tokens that name none; development only',
    schema: text('local'),
  },
  CLASPER_LOCAL_WORKSPACE_ID: {
    group: 'External agents',
    means: 'Workspace of adapter tokens that name none; development only',
    schema: text('local'),
  },
  CLASPER_APPROVAL_MODE: {
    group: 'External agents',
    means: 'enforce waits for a person, simulate lets pass what would wait and says so; empty means enforce',
    schema: z.enum(['', 'enforce', 'simulate']).default(''),
    shown: 'enforce',
  },
  CLASPER_REQUIRE_APPROVAL_IN_CORE: {
    group: 'External agents',
    means: 'The same in earlier words: allow is simulate, block is enforce; CLASPER_APPROVAL_MODE wins',
    schema: z.enum(['', 'allow', 'block']).default(''),
  },
  CLASPER_EXECUTION_MAX_STEPS: {
    group: 'External agents',
    means: 'Most steps that one execution of an external agent is granted',
    schema: whole(100, 1, 100_000),
  },
  CLASPER_TELEMETRY_SIGNATURE_MODE: {
    group: 'External agents',
    means: 'Telemetry without a signature: off takes it, warn takes and audits it, enforce refuses it',
    schema: z.enum(['off', 'warn', 'enforce']).default('warn'),
  },
  CLASPER_TELEMETRY_MAX_SKEW_SECONDS: {
    group: 'External agents',
    means: 'How far the time in a signed envelope may be from ours',
    schema: whole(300, 1, 86_400),
  },
  CLASPER_TOOL_AUTH_MODE: {
    group: 'External agents',
    means:
      'Reported tool calls without an authorization: off, warn keeps them as violations, enforce refuses the trace',
    schema: z.enum(['off', 'warn', 'enforce']).default('warn'),
  },
  CLASPER_TOOL_TOKEN_SECRET: {
    group: 'External agents',
    means: 'Secret of tool tokens; empty takes one made from CLASPER_SECRETS_KEY',
    schema: text(),
    secret: true,
  },
  CLASPER_TOOL_TOKEN_ALGORITHM: { group: 'External agents', means: 'Algorithm of tool tokens', schema: hmac() },
} as const satisfies Record<string, EnvField>

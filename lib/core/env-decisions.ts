import { type EnvField, hmac, text, whole } from './env-kinds'

// Actions that wait for a person, and what an approval is worth.
export const DECISION_FIELDS = {
  CLASPER_APPROVAL_TTL_SECONDS: {
    group: 'Approvals',
    means: 'How long an action waits for a person before it counts as refused',
    schema: whole(3_600, 1, 2_592_000),
  },
  CLASPER_DECISION_TOKEN_SECRET: {
    group: 'Approvals',
    means: 'Secret of decision tokens; empty takes one made from CLASPER_SECRETS_KEY',
    schema: text(),
    secret: true,
  },
  CLASPER_DECISION_TOKEN_ALGORITHM: { group: 'Approvals', means: 'Algorithm of decision tokens', schema: hmac() },
  CLASPER_DECISION_TOKEN_TTL_SECONDS: {
    group: 'Approvals',
    means: 'How long an approval can be used once it is given',
    schema: whole(600, 1, 86_400),
  },
  CLASPER_DECISION_MAX_ROWS: {
    group: 'Approvals',
    means: 'Decisions that a retention pass leaves per tenant; the oldest that are over go first, 0 keeps all',
    schema: whole(100_000, 0, 100_000_000),
  },
} as const satisfies Record<string, EnvField>

import { type EnvField, text, webUrl } from './env-kinds'

export const PROMOTION_FIELDS = {
  CLASPER_PROMOTION_WEBHOOK_URL: {
    group: 'Promotions',
    means: 'Webhook that is told of every promotion that is executed or taken back',
    schema: webUrl(),
  },
  CLASPER_PROMOTION_WEBHOOK_SECRET: {
    group: 'Promotions',
    means: 'Secret that signs that webhook; without one it is not signed',
    schema: text(),
    secret: true,
  },
} as const satisfies Record<string, EnvField>

// What the product tells other programs of its own accord: kept with the change it tells of, signed, tried again, given
// up in sight. Addresses come from users, so none of them is trusted.
export { clearDeliveries, deleteDeliveries } from './clear-deliveries'
export { deliverWebhook, FORGET_JOB } from './deliver-webhook'
export { forgetWebhook } from './forget-webhook'
export { getWebhook, listWebhooks } from './list-webhooks'
export { retryWebhook } from './retry-webhook'
export { assertDeliverable } from './target'
export { type NewWebhook, WEBHOOK_JOB, webhookWrites } from './webhook-writes'

import { route } from '@/lib/http/route'
import { retryWebhook } from '@/lib/webhooks'
import { opsRetryWebhook } from '@/lib/webhooks/contract'

export const POST = route(opsRetryWebhook, (scope, { params }) => retryWebhook(scope, params.id))

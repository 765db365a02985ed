import { route } from '@/lib/http/route'
import { getWebhook } from '@/lib/webhooks'
import { opsGetWebhook } from '@/lib/webhooks/contract'

export const GET = route(opsGetWebhook, (scope, { params }) => getWebhook(scope, params.id))

import { route } from '@/lib/http/route'
import { listWebhooks } from '@/lib/webhooks'
import { opsListWebhooks } from '@/lib/webhooks/contract'

export const GET = route(opsListWebhooks, (scope, { query }) => listWebhooks(scope, query))

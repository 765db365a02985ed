import type { Metadata } from 'next'
import { WebhooksScreen } from '@/components/webhooks/webhooks-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listWebhooks } from '@/lib/webhooks'
import { opsListWebhooks } from '@/lib/webhooks/contract'

export const metadata: Metadata = { title: 'Webhooks' }

export default consolePage('/ops/webhooks', 'system:view', opsListWebhooks, (scope, query, input) => (
  <Prefetch of={opsListWebhooks} input={input} load={() => listWebhooks(scope, query)}>
    <WebhooksScreen />
  </Prefetch>
))

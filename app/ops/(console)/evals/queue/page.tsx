import type { Metadata } from 'next'
import { QueueScreen } from '@/components/evals/queue-screen'
import { queueWire } from '@/components/evals/queue-wire'
import { listQueue } from '@/lib/evals'
import { opsListQueue } from '@/lib/evals/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Annotation queue' }

export default consolePage('/ops/evals/queue', 'eval:view', opsListQueue, (scope, { queue = null, status }) => {
  const query = queueWire(queue, status ?? 'waiting')
  return (
    <Prefetch of={opsListQueue} input={{ query }} load={() => listQueue(scope, opsListQueue.query.parse(query))}>
      <QueueScreen />
    </Prefetch>
  )
})

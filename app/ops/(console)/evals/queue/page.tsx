import type { Metadata } from 'next'
import { QueueScreen } from '@/components/evals/queue-screen'
import { consolePage } from '@/lib/http/console-page'

export const metadata: Metadata = { title: 'Annotation queue' }

export default consolePage('/ops/evals/queue', 'eval:view', null, () => <QueueScreen />)

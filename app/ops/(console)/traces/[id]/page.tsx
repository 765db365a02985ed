import type { Metadata } from 'next'
import { TraceScreen } from '@/components/traces/trace-screen'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { getTraceDetail } from '@/lib/tracing'
import { opsGetTrace } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Trace' }

export default consolePage('/ops/traces/{id}', 'trace:view', null, async (scope, _query, { params }) => {
  const id = params['id'] ?? ''
  return (
    <Prefetch of={opsGetTrace} input={{ params: { id } }} load={await unlessMissing(() => getTraceDetail(scope, id))}>
      <TraceScreen id={id} />
    </Prefetch>
  )
})

import type { Metadata } from 'next'
import { FIRST_SPANS } from '@/components/spans/first-spans'
import { TraceScreen } from '@/components/traces/trace-screen'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { getTraceDetail, listSpans } from '@/lib/tracing'
import { opsGetTrace, opsListSpans } from '@/lib/tracing/contract'

export const metadata: Metadata = { title: 'Trace' }

export default consolePage('/ops/traces/{id}', 'trace:view', null, async (scope, _query, { params: { id = '' } }) => {
  const params = { id }
  const spans = () => listSpans(scope, id, opsListSpans.query.parse(FIRST_SPANS))
  return (
    <Prefetch of={opsGetTrace} input={{ params }} load={await unlessMissing(() => getTraceDetail(scope, id))}>
      <Prefetch of={opsListSpans} input={{ params, query: FIRST_SPANS }} load={spans}>
        <TraceScreen id={id} />
      </Prefetch>
    </Prefetch>
  )
})

import type { Metadata } from 'next'
import { EvalsScreen } from '@/components/evals/evals-screen'
import { listEvals } from '@/lib/evals'
import { opsListEvals } from '@/lib/evals/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Evals' }

export default consolePage('/ops/evals', 'eval:view', opsListEvals, (scope, query, input) => (
  <Prefetch of={opsListEvals} input={{ query: input.query }} load={() => listEvals(scope, query)}>
    <EvalsScreen />
  </Prefetch>
))

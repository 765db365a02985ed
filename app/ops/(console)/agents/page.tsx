import type { Metadata } from 'next'
import { AgentsScreen } from '@/components/adapters/agents-screen'
import { listAgents } from '@/lib/adapters'
import { opsListAgents } from '@/lib/adapters/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'External agents' }

export default consolePage('/ops/agents', 'adapter:view', opsListAgents, (scope, query, input) => (
  <Prefetch of={opsListAgents} input={{ query: input.query }} load={() => listAgents(scope, query)}>
    <AgentsScreen />
  </Prefetch>
))

import type { Metadata } from 'next'
import { PlaygroundScreen } from '@/components/playground/playground-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { playground } from '@/lib/runtime'
import { opsPlayground } from '@/lib/runtime/contract'

export const metadata: Metadata = { title: 'Playground' }

export default consolePage('/ops/playground', 'agent:run', opsPlayground, (scope, query, input) => (
  <Prefetch of={opsPlayground} input={input} load={() => playground(scope, query)}>
    <PlaygroundScreen />
  </Prefetch>
))

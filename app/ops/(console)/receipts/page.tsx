import type { Metadata } from 'next'
import { ReceiptsScreen } from '@/components/receipts/receipts-screen'
import { listReceipts } from '@/lib/governance'
import { opsListReceipts } from '@/lib/governance/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Overrides' }

export default consolePage('/ops/receipts', 'audit:view', opsListReceipts, (scope, query, input) => (
  <Prefetch of={opsListReceipts} input={input} load={() => listReceipts(scope, query)}>
    <ReceiptsScreen />
  </Prefetch>
))

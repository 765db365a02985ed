import type { Metadata } from 'next'
import { DatasetsScreen } from '@/components/evals/datasets-screen'
import { listDatasets } from '@/lib/evals'
import { opsListDatasets } from '@/lib/evals/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Datasets' }

export default consolePage('/ops/evals/datasets', 'eval:view', opsListDatasets, (scope, query, input) => (
  <Prefetch of={opsListDatasets} input={{ query: input.query }} load={() => listDatasets(scope, query)}>
    <DatasetsScreen />
  </Prefetch>
))

import type { Metadata } from 'next'
import { DatasetScreen } from '@/components/evals/dataset-screen'
import { getDataset } from '@/lib/evals'
import { opsGetDataset } from '@/lib/evals/contract'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Dataset' }

export default consolePage('/ops/evals/datasets/{name}', 'eval:view', null, async (scope, _query, { params }) => {
  const name = decodeURIComponent(params['name'] ?? '')
  const first = { limit: '100' } as const
  const load = await unlessMissing(() => getDataset(scope, name, opsGetDataset.query.parse(first)))
  return (
    <Prefetch of={opsGetDataset} input={{ params: { name }, query: first }} load={load}>
      <DatasetScreen name={name} />
    </Prefetch>
  )
})

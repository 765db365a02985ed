import type { Metadata } from 'next'
import { EvalScreen } from '@/components/evals/eval-screen'
import { getEval } from '@/lib/evals'
import { opsGetEval } from '@/lib/evals/contract'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { missing } from '@/lib/shared/problem'

export const metadata: Metadata = { title: 'Evaluation' }

export default consolePage('/ops/evals/{id}', 'eval:view', null, async (scope, _query, { params }) => {
  const asked = decodeURIComponent(params['id'] ?? '')
  const first = { limit: '100', texts: 'false' } as const
  const load = await unlessMissing(async () => {
    const id = opsGetEval.params.shape.id.safeParse(asked)
    return id.success ? getEval(scope, id.data, opsGetEval.query.parse(first)) : missing('evaluation', asked)
  })
  return (
    <Prefetch of={opsGetEval} input={{ params: { id: asked }, query: first }} load={load}>
      <EvalScreen id={asked} />
    </Prefetch>
  )
})

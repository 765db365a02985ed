import type { Scope } from '@/lib/core/scope'
import type { Rehearsed } from '@/lib/runtime'
import { isProblem } from '@/lib/shared/problem'
import type { SkillTest } from '@/lib/skills'
import type { Judge } from '../contract'
import { askJudge } from '../runs/judge-answer'
import type { Judged } from '../scorers/score-case'

type Asked = { test: SkillTest; seen: Rehearsed; workspaceId: string; correlationId: string }
type Verdict = { miss: string | null; costMicroUsd: number }

const NO_VERDICT: Verdict = { miss: null, costMicroUsd: 0 }

type Wanted = NonNullable<SkillTest['judge']>

const judgeOf = ({ rubric, model, threshold }: Wanted): Judge => ({
  ...{ type: 'judge', rubric, threshold, max_tokens: 800, weight: 1, required: true },
  ...(model === undefined ? {} : { model }),
})

/** What a judge says of an answer. One that does not decide, or cannot be asked, has not passed it. */
export const judgeTest = async (scope: Scope, { test, seen, workspaceId, correlationId }: Asked): Promise<Verdict> => {
  if (test.judge === undefined) return NO_VERDICT
  const judge = judgeOf(test.judge)
  const spent = { cost: 0 }
  const charged = (_of: unknown, costMicroUsd: number) => {
    spent.cost = costMicroUsd
    return []
  }
  const about = { judge, one: { id: test.name, input: test.input }, seen, workspaceId, correlationId }
  const said = await askJudge(scope, about, { said: charged, failed: charged }).catch((error: unknown): Judged => {
    if (!isProblem(error) || scope.signal.aborted) throw error
    return { verdict: 'unsure', score: null, note: `the judge failed: ${error.code}` }
  })
  const { threshold } = judge
  const passes = said.verdict === 'pass' && said.score !== null && said.score >= threshold
  const why = said.note === null ? '' : `: ${said.note}`
  return {
    miss: passes ? null : `judge: ${said.verdict} (${said.score ?? 'no score'})${why}`,
    costMicroUsd: spent.cost,
  }
}

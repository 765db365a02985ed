import type { Scope } from '@/lib/core/scope'
import type { Rehearsed } from '@/lib/runtime'
import type { SkillTest } from '@/lib/skills'
import { askJudge } from '../runs/judge-answer'

type Asked = { test: SkillTest; seen: Rehearsed; workspaceId: string; correlationId: string }
type Verdict = { miss: string | null; costMicroUsd: number }

const NO_VERDICT: Verdict = { miss: null, costMicroUsd: 0 }

/** What a judge says of an answer. One that does not decide has not passed it. */
export const judgeTest = async (scope: Scope, { test, seen, workspaceId, correlationId }: Asked): Promise<Verdict> => {
  const { judge } = test
  if (judge === undefined) return NO_VERDICT
  const { rubric, model, threshold } = judge
  const spent = { cost: 0 }
  const said = await askJudge(
    scope,
    {
      judge: {
        ...{ type: 'judge', rubric, threshold, max_tokens: 800, weight: 1, required: true },
        ...(model === undefined ? {} : { model }),
      },
      one: { id: test.name, input: test.input },
      seen,
      workspaceId,
      correlationId,
    },
    (_judged, costMicroUsd) => {
      spent.cost = costMicroUsd
      return []
    },
  )
  const passes = said.verdict === 'pass' && said.score !== null && said.score >= threshold
  const why = said.note === null ? '' : `: ${said.note}`
  return {
    miss: passes ? null : `judge: ${said.verdict} (${said.score ?? 'no score'})${why}`,
    costMicroUsd: spent.cost,
  }
}

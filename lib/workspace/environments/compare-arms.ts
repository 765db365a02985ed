import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import { missing } from '@/lib/shared/problem'
import { type ArmSums, sumArms } from '@/lib/tracing'
import type { ArmView, CanaryComparison } from '../contract/canary'
import { pinnedPlace } from './canary'
import { shortHash } from './present'
import { CONFIDENCE, type Difference, differenceOf } from './proportions'

const each = (total: number, of: number): number | null => (of === 0 ? null : total / of)

const presentArm = (versionHash: string, sums: ArmSums): ArmView => ({
  version_hash: shortHash(versionHash),
  runs: sums.runs,
  ended: sums.ended,
  errors: sums.errors,
  error_rate: each(sums.errors, sums.ended),
  p50_duration_ms: sums.p50Ms,
  p95_duration_ms: sums.p95Ms,
  total_cost: usdOf(sums.costMicroUsd),
  average_cost: each(usdOf(sums.costMicroUsd), sums.runs),
  input_tokens: sums.inputTokens,
  output_tokens: sums.outputTokens,
  average_tokens: each(sums.inputTokens + sums.outputTokens, sums.runs),
  refused_runs: sums.refusedRuns,
  refused_tool_calls: sums.refusedToolCalls,
})

const verdictOf = ({ low, high }: Difference) =>
  low > 0 ? ('worse' as const) : high < 0 ? ('better' as const) : ('no_difference_shown' as const)

const told = (found: Difference | null): CanaryComparison['error_rate_difference'] =>
  found && { ...found, confidence: CONFIDENCE, verdict: verdictOf(found) }

/** The two arms of a canary side by side, since it began. */
export const compareArms = async (
  scope: Scope,
  id: string,
  { environment: wished }: { environment?: string | undefined },
): Promise<CanaryComparison> => {
  const { workspaceId, environment, pin } = await pinnedPlace(scope, id, wished)
  const canary = pin.canary ?? missing('canary', `${workspaceId}/${environment}`)
  const sumsOf = await sumArms(scope, { workspaceId, environment, pinId: pin.id, since: dateOf(canary.startedAt) })
  const [stable, other] = [sumsOf('stable'), sumsOf('canary')]
  const shareOf = ({ errors, ended }: ArmSums) => ({ hits: errors, of: ended })
  return {
    workspace_id: workspaceId,
    environment,
    pin_id: pin.id,
    revision: pin.revision,
    percent: canary.percent,
    users: [...canary.users],
    since: canary.startedAt,
    stable: presentArm(pin.versionHash, stable),
    canary: presentArm(canary.versionHash, other),
    error_rate_difference: told(differenceOf(shareOf(stable), shareOf(other))),
  }
}

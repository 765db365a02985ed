import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { bodyWrites, type Packed } from './bodies'
import { addFacts, takeFacts } from './fact-rollup'
import { textWrite } from './record-run'
import { addToRollup, takeFromRollup } from './rollup'
import type { TracePlan } from './span-plan'
import { rowOfSpan } from './span-row'
import { hashesOf } from './span-slots'
import type { TraceTotals } from './span-totals'
import { linkBodies } from './sql-bodies'
import { moveLabels } from './sql-labels'
import { claimSpanTrace, insertSpanTrace, putSpans, setCounting, updateSpanTrace } from './sql-spans'

const DEFAULT_WORKSPACE = 'default'
const DEFAULT_ENVIRONMENT = 'default'

export const workspaceOf = (scope: Scope): string =>
  scope.workspaceId ?? scope.identity.workspaceIds?.[0] ?? DEFAULT_WORKSPACE

const timeOf = (ms: number): string => storedTime(dateOf(ms))

const totalsRow = (totals: TraceTotals, received: string) => ({
  name: totals.name,
  environment: totals.environment ?? DEFAULT_ENVIRONMENT,
  user: totals.userId,
  role: totals.agentRole,
  session: totals.sessionKey,
  status: totals.status,
  started: timeOf(totals.startedMs),
  completed: timeOf(totals.completedMs),
  received,
  ms: totals.durationMs,
  bucket: totals.durationBucket,
  provider: totals.provider,
  model: totals.model,
  input: totals.inputTokens,
  output: totals.outputTokens,
  cache_read: totals.cacheReadTokens,
  cache_write: totals.cacheWriteTokens,
  reasoning: totals.reasoningTokens,
  cost: `${totals.costMicroUsd}`,
  estimated: totals.usageEstimated,
  steps: totals.stepCount,
  spans: totals.spanCount,
  errors: totals.errorCount,
  tools: totals.toolCallCount,
  error_code: totals.errorCode,
  error: totals.error,
  skills: totals.skillVersions,
})

const linkWrites = (plans: readonly TracePlan[]): CommandWrite[] => {
  const rows = plans.flatMap(({ id, spans }) =>
    [...new Set(spans.flatMap(hashesOf))].map((hash) => ({ trace: id, hash })),
  )
  return rows.length === 0 ? [] : [{ statement: linkBodies, rows }]
}

const some = (write: CommandWrite): CommandWrite[] => (write.rows.length === 0 ? [] : [write])

const beginnings = (scope: Scope, plans: readonly TracePlan[], version: string, received: string): CommandWrite =>
  ({
    statement: insertSpanTrace,
    guard: true,
    rows: plans.map(({ id, totals }) => ({
      id,
      workspace: workspaceOf(scope),
      origin: 'otlp',
      kind: 'external',
      actor: scope.actor,
      prompt_source: 'external',
      version,
      ...totalsRow(totals, received),
    })),
  }) satisfies CommandWrite

const spanWrites = (plans: readonly TracePlan[], received: string): CommandWrite[] => [
  ...some({
    statement: putSpans,
    rows: plans.flatMap(({ spans }) => spans.map((span) => ({ ...rowOfSpan(span), received }))),
  }),
  ...some({
    statement: setCounting,
    rows: plans.flatMap(({ id, changed }) =>
      changed.map(({ spanId, isCounting }) => ({ trace: id, id: spanId, counting: isCounting })),
    ),
  }),
]

const hasMoved = ({ state, totals }: TracePlan): boolean => state !== null && state.startedMs !== totals.startedMs

// First the claim on every trace, so that nothing is taken from a sum that somebody else changes meanwhile. Bodies and
// sums come in the order of runs, so that both go in one group.
export const planWrites = (
  scope: Scope,
  plans: readonly TracePlan[],
  version: string,
  texts: ReadonlyMap<string, string>,
  bodies: readonly Packed[],
): CommandWrite[] => {
  const received = storedTime(scope.clock.now())
  const known = plans.filter(({ state }) => state !== null)
  const ids = known.map(({ id }) => id)
  const all = plans.map(({ id }) => id)
  return [
    ...some({
      statement: claimSpanTrace,
      guard: true,
      rows: known.map(({ id, state }) => ({ id, seen: state?.version ?? '', version })),
    }),
    ...(ids.length === 0 ? [] : [takeFromRollup(...ids), takeFacts(...ids)]),
    ...some({
      statement: updateSpanTrace,
      rows: known.map(({ id, totals }) => ({ id, ...totalsRow(totals, received) })),
    }),
    ...some({ statement: moveLabels, rows: known.filter(hasMoved).map(({ id }) => ({ id })) }),
    ...some(
      beginnings(
        scope,
        plans.filter(({ state }) => state === null),
        version,
        received,
      ),
    ),
    ...spanWrites(plans, received),
    ...bodyWrites(scope, bodies),
    ...linkWrites(plans),
    ...[...texts].map(([id, text]) => textWrite(id, text)),
    ...(all.length === 0 ? [] : [addToRollup(...all), addFacts(...all)]),
  ]
}

import { durationBucketOf } from './rollup'
import { microOfNano } from './span-cost'
import { type CountedSpan, countingSpans } from './span-counting'
import type { Bucket, Buckets, SpanGrouping } from './span-record'

// What the row of a trace says follows from all of its spans, whatever order they came in. Pure.

export type LightSpan = CountedSpan & {
  name: string
  status: string
  errorType: string | null
  statusMessage: string | null
  provider: string | null
  model: string | null
  usage: Buckets | null
  givenNanoUsd: bigint | null
  computedNanoUsd: bigint | null
  isEstimated: boolean
  isCounting: boolean
  // As it is stored: most spans are never asked.
  grouping: SpanGrouping | string | null
}

export type TraceTotals = {
  name: string | null
  status: 'success' | 'error'
  startedMs: number
  completedMs: number
  durationMs: number
  durationBucket: number
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  reasoningTokens: number
  costMicroUsd: bigint
  usageEstimated: boolean
  stepCount: number
  spanCount: number
  errorCount: number
  toolCallCount: number
  errorCode: string | null
  error: string | null
  userId: string | null
  agentRole: string | null
  sessionKey: string | null
  environment: string | null
  skillVersions: string
}

const MILLION = 1_000_000n
const MOST_INT = 2_147_483_647
const capped = (amount: number): number => Math.min(MOST_INT, amount)

const byStart = (a: LightSpan, b: LightSpan): number =>
  a.startNs !== b.startNs ? (a.startNs < b.startNs ? -1 : 1) : a.spanId < b.spanId ? -1 : 1

const groupingOf = ({ grouping }: LightSpan): SpanGrouping =>
  typeof grouping === 'string' ? (JSON.parse(grouping) as SpanGrouping) : (grouping ?? {})

const FIELDS = ['session', 'user', 'agent', 'environment', 'trace_name'] as const
type Told = Partial<Record<(typeof FIELDS)[number], string>>

const MOST_SKILLS = 50

// The root has the first word, then whoever began first. Skills are those of all.
const toldBy = (root: LightSpan | undefined, sorted: readonly LightSpan[]): { told: Told; skills: string } => {
  const told: Told = {}
  const skills = new Map<string, string>()
  for (const span of root === undefined ? sorted : [root, ...sorted]) {
    if (span.grouping === null) continue
    const grouping = groupingOf(span)
    for (const field of FIELDS) {
      const value = grouping[field]
      if (value !== undefined && told[field] === undefined) told[field] = value
    }
    if (grouping.skill !== undefined && skills.size < MOST_SKILLS && !skills.has(grouping.skill))
      skills.set(grouping.skill, grouping.skill_version ?? '')
  }
  return { told, skills: JSON.stringify(Object.fromEntries(skills)) }
}

const sum = (spans: readonly LightSpan[], ...buckets: readonly Bucket[]): number =>
  capped(spans.reduce((all, { usage }) => all + buckets.reduce((own, name) => own + (usage?.[name] ?? 0), 0), 0))

// What the sender says that it cost, and else what the price book says.
export const shownNano = (span: Pick<LightSpan, 'givenNanoUsd' | 'computedNanoUsd'>): bigint | null =>
  span.givenNanoUsd ?? span.computedNanoUsd

const MOST_MICRO = 9_000_000_000_000_000n

const moneyOf = (counting: readonly LightSpan[]) => {
  const micro = microOfNano(counting.reduce((all, span) => all + (shownNano(span) ?? 0n), 0n))
  return {
    inputTokens: sum(counting, 'inUncached', 'audioIn'),
    outputTokens: sum(counting, 'outVisible', 'reasoning', 'audioOut'),
    cacheReadTokens: sum(counting, 'cacheRead'),
    cacheWriteTokens: sum(counting, 'cacheWrite'),
    reasoningTokens: sum(counting, 'reasoning'),
    costMicroUsd: micro > MOST_MICRO ? MOST_MICRO : micro,
    usageEstimated: counting.some(({ isEstimated }) => isEstimated),
  }
}

const timeOf = (spans: readonly LightSpan[], first: LightSpan) => {
  const start = first.startNs
  const end = spans.reduce((latest, { startNs, endNs }) => {
    const own = endNs ?? startNs
    if (own > latest) return own
    return latest
  }, start)
  const durationMs = capped(Number((end - start) / MILLION))
  return {
    startedMs: Number(start / MILLION),
    completedMs: Number(end / MILLION),
    durationMs,
    durationBucket: durationBucketOf(durationMs),
  }
}

const CODE = /^[\w.:-]{1,64}$/

const stateOf = (sorted: readonly LightSpan[], root: LightSpan | undefined) => {
  const failed = root === undefined ? sorted.find(({ status }) => status === 'error') : root
  if (failed === undefined || failed.status !== 'error')
    return { status: 'success' as const, errorCode: null, error: null }
  const { errorType: type } = failed
  return {
    status: 'error' as const,
    errorCode: type !== null && CODE.test(type) ? type : 'span_error',
    error: failed.statusMessage ?? (type === null || CODE.test(type) ? null : type),
  }
}

const STEPS: Readonly<Record<string, number>> = { inference: 1, embedding: 1, tool: 2 }

const countsOf = (spans: readonly LightSpan[]) => ({
  spanCount: spans.length,
  errorCount: spans.filter(({ status }) => status === 'error').length,
  toolCallCount: spans.filter(({ kind }) => kind === 'tool').length,
  stepCount: spans.reduce((all, { kind }) => all + (STEPS[kind] ?? 0), 0),
})

const modelOf = (sorted: readonly LightSpan[], counting: ReadonlySet<string>) => {
  const called = sorted.filter(({ model }) => model !== null)
  const first = called.find(({ spanId }) => counting.has(spanId)) ?? called[0]
  return { model: first?.model ?? '', provider: first?.provider ?? '' }
}

export const totalsOf = (
  spans: readonly LightSpan[],
): { totals: TraceTotals; counting: ReadonlySet<string> } | null => {
  const sorted = [...spans].sort(byStart)
  const [first] = sorted
  if (first === undefined) return null
  const root = sorted.find(({ parentSpanId }) => parentSpanId === null)
  const counting = countingSpans(spans)
  const { told, skills } = toldBy(root, sorted)
  return {
    counting,
    totals: {
      name: told.trace_name ?? root?.name ?? null,
      ...stateOf(sorted, root),
      ...timeOf(spans, first),
      ...modelOf(sorted, counting),
      ...moneyOf(spans.filter(({ spanId }) => counting.has(spanId))),
      ...countsOf(spans),
      userId: told.user ?? null,
      agentRole: told.agent ?? null,
      sessionKey: told.session ?? null,
      environment: told.environment ?? null,
      skillVersions: skills,
    },
  }
}

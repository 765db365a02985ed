import { createHash } from 'node:crypto'
import type { AgedTrace } from '@/lib/tracing'
import type { Rules } from './rules'

export type Fate = 'keep' | 'delete' | 'reduce' | 'running' | 'pending'

export type Plan = {
  rules: Rules
  // What started before goes.
  cutoff: number
  // What ended before is sampled and reduced.
  endedBefore: number
  // Everything of one user goes, whatever the rules say.
  userId?: string
}

const KEPT_OF_TEN = 1
const ERRORS: ReadonlySet<string> = new Set(['error', 'timeout'])
const RANK = { full: 0, summary: 1, minimal: 2 } as const

// The same ids on every instance and at every pass, evenly spread however ids are made.
export const isInSample = (id: string): boolean =>
  createHash('sha256').update(id).digest().readUInt32BE(0) < (KEPT_OF_TEN / 10) * 2 ** 32

const isSampledAway = ({ id, status }: AgedTrace, { sampling_strategy: strategy }: Rules): boolean => {
  if (strategy === 'full' || ERRORS.has(status)) return false
  return strategy === 'errors_only' || !isInSample(id)
}

const isTooFull = ({ storage, hasLeft }: AgedTrace, { storage_mode: mode }: Rules): boolean =>
  mode !== 'full' && (RANK[storage] < RANK[mode] || hasLeft)

const wished = (trace: AgedTrace, plan: Plan): Fate => {
  if (plan.userId !== undefined || trace.startedAt.getTime() < plan.cutoff) return 'delete'
  if ((trace.completedAt ?? trace.startedAt).getTime() > plan.endedBefore) return 'keep'
  if (isSampledAway(trace, plan.rules)) return 'delete'
  return isTooFull(trace, plan.rules) ? 'reduce' : 'keep'
}

export const fateOf = (trace: AgedTrace, plan: Plan): Fate => {
  const fate = wished(trace, plan)
  if (fate === 'keep') return fate
  if (!trace.isOver) return 'running'
  return trace.isSettled ? fate : 'pending'
}

// Where nothing is sampled or reduced, only what is too old is looked at.
export const lookUntil = ({ rules, cutoff, userId }: Plan, now: number): number => {
  if (userId !== undefined) return Number.POSITIVE_INFINITY
  return rules.sampling_strategy === 'full' && rules.storage_mode === 'full' ? cutoff : now + 1
}

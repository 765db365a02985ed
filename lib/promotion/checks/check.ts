import type { Scope } from '@/lib/core/scope'
import type { PinSet } from '@/lib/workspace'
import type { Route } from '../candidate'
import type { Check, CheckName, CheckState, CostForecast } from '../contract'
import type { Gate } from '../contract/gates'
import type { ReadGates } from '../gates'
import type { SetBundle } from '../set-bundle'

export type Finding = {
  status: Exclude<CheckState, 'waiting' | 'running'>
  details: string
  evidence?: Record<string, unknown>
}

// A set with the number of the change that made it.
export type Pinned = PinSet & { revision: number }

// What one look has found, for all checks alike.
export type Subject = {
  promotionId: string | null
  route: Route
  source: Pinned
  target: Pinned | null
  next: PinSet
  // The version that is looked at: for a canary it is not the one that everybody gets.
  versionHash: string
  candidate: SetBundle
  // Null where the target runs nothing yet: then it is compared with nothing.
  current: SetBundle | null
  gate: Gate
  gates: { candidate: ReadGates; current: ReadGates; loosened: readonly string[] }
}

// What a check found besides its verdict, for the reply as a whole.
export type Extras = { impact?: Record<string, unknown>; cost_forecast?: CostForecast; deprecated_skills?: string[] }

export type Work = {
  scope: Scope
  subject: Subject
  extras: Extras
  // What is known so far of a check that takes long; kept, so that another process can go on from there.
  progress: (evidence: Record<string, unknown>) => Promise<void>
  // What an interrupted run of this check has left.
  known: Record<string, unknown>
  signal: AbortSignal
}

export type Checker = (work: Work) => Promise<Finding> | Finding

export const pass = (details: string, evidence?: Record<string, unknown>): Finding => ({
  status: 'pass',
  details,
  ...(evidence ? { evidence } : {}),
})

export const fail = (details: string, evidence?: Record<string, unknown>): Finding => ({
  ...pass(details, evidence),
  status: 'fail',
})

export const unsure = (details: string, evidence?: Record<string, unknown>): Finding => ({
  ...pass(details, evidence),
  status: 'inconclusive',
})

export const NOTHING_BEFORE = 'The target runs nothing yet, so there is nothing to compare with.'

export const checkOf = (name: CheckName, { status, details, evidence }: Finding): Check => ({
  name,
  passed: status === 'pass',
  status,
  details,
  ...(evidence ? { evidence } : {}),
})

export const waiting = (name: CheckName): Check => ({ name, passed: false, status: 'waiting' })

export const listed = (names: readonly string[], most = 5): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

import type { z } from 'zod'
import type { Tone } from '@/components/ui/badge'
import type { ComparedCase, EvalReply, EvalSummary } from '@/lib/evals/contract'

export const EVALS_TEXT =
  'How good an agent is: cases run through the real loop and scored, so that a change shows what it did.'
export const DATASETS_TEXT = 'What agents are tried with: cases, kept in versions that never change.'
export const QUEUE_TEXT =
  'Runs that a person should look at: say what a good answer would have been, and make a case of it.'
export const COMPARE_TEXT = 'Two evaluations case by case, what became worse first.'

export type Reply = z.output<typeof EvalReply>
export type Status = EvalSummary['status']
export type CaseStatus = ComparedCaseSide['status']
type ComparedCaseSide = NonNullable<ComparedCase['current']>

export const STATUSES: Record<Status, { name: string; tone: Tone }> = {
  passed: { name: 'Passed', tone: 'ok' },
  failed: { name: 'Failed', tone: 'bad' },
  inconclusive: { name: 'Inconclusive', tone: 'warn' },
  running: { name: 'Running', tone: 'info' },
  cancelled: { name: 'Cancelled', tone: 'system' },
}

export const CASE_STATUSES: Record<CaseStatus, { name: string; tone: Tone }> = {
  passed: { name: 'Passed', tone: 'ok' },
  failed: { name: 'Failed', tone: 'bad' },
  error: { name: 'Error', tone: 'bad' },
  inconclusive: { name: 'Inconclusive', tone: 'warn' },
  cancelled: { name: 'Cancelled', tone: 'system' },
  pending: { name: 'Waits', tone: 'info' },
}

export const CHANGES: Record<ComparedCase['change'], { name: string; tone: Tone }> = {
  regressed: { name: 'Worse', tone: 'bad' },
  improved: { name: 'Better', tone: 'ok' },
  unchanged: { name: 'The same', tone: 'system' },
  new: { name: 'New', tone: 'info' },
  removed: { name: 'Gone', tone: 'warn' },
}

export const evalHref = (id: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query)
  return `/ops/evals/${encodeURIComponent(id)}${search.size > 0 ? `?${search}` : ''}`
}

export const compareHref = (baseline: string, id: string): string =>
  `/ops/evals/compare?${new URLSearchParams({ baseline_id: baseline, id })}`

export const datasetHref = (name: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query)
  return `/ops/evals/datasets/${encodeURIComponent(name)}${search.size > 0 ? `?${search}` : ''}`
}

export const evalsOfDataset = (name: string): string => `/ops/evals?${new URLSearchParams({ dataset_name: name })}`

export const MICRO = 1_000_000

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`

export const points = (delta: number): string =>
  `${delta > 0 ? '+' : delta < 0 ? '−' : '±'}${(Math.abs(delta) * 100).toFixed(1)} points`

export const score = (value: number | null): string => (value === null ? '–' : value.toFixed(2))

export const signed = (value: number): string =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(2)}`

type Interval = { low: number; high: number }

export const spread = ({ low, high }: Interval): string =>
  `${(low * 100).toFixed(0)} to ${(high * 100).toFixed(0)} % with 95 % confidence`

export const isOpenState = (state: EvalSummary['state']): boolean =>
  state === 'queued' || state === 'running' || state === 'cancelling'

export const personOf = (actor: string): string => actor.replace(/^user:/, '')

export const saidText = (said: unknown): string => (typeof said === 'string' ? said : JSON.stringify(said, null, 2))

// Within a sentence colour alone would not tell a link.
export const wordLink = 'text-accent underline underline-offset-2'

export { linkStyle } from '@/components/workspaces/workspace-words'

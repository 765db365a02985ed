import type { EnforceResult, RetentionView } from '@/lib/retention/contract'

export const RETENTION_TEXT = 'How long traces are kept, in what form, and what was deleted.'

type Rules = RetentionView['rules']

export const SAMPLING: Record<Rules['sampling_strategy'], { label: string; means: string }> = {
  full: { label: 'Every trace', means: 'Every trace is kept' },
  sampled: { label: 'A tenth and every error', means: 'One trace in ten and every error is kept' },
  errors_only: { label: 'Errors only', means: 'Only errors are kept' },
}

export const STORAGE: Record<Rules['storage_mode'], { label: string; means: string }> = {
  full: { label: 'In full', means: 'in full' },
  summary: { label: 'Without texts and payloads', means: 'without texts and payloads' },
  minimal: { label: 'Figures only', means: 'with ids, times, model, usage, cost and status only' },
}

export const optionsOf = <K extends string>(words: Record<K, { label: string }>): { value: K; label: string }[] =>
  (Object.keys(words) as K[]).map((value) => ({ value, label: words[value].label }))

const days = (count: number): string => (count === 1 ? 'a day' : `${count} days`)

export const sayRules = (rules: Rules): string =>
  `${SAMPLING[rules.sampling_strategy].means} for ${days(rules.retention_days)}, ${STORAGE[rules.storage_mode].means}.`

export const REASONS = [
  { value: 'business_deadline', label: 'A deadline' },
  { value: 'data_subject_request', label: 'A person asked for it' },
  { value: 'data_correction', label: 'Wrong data' },
  { value: 'incident_response', label: 'An incident' },
  { value: 'other', label: 'Something else' },
] as const

export type ReasonCode = (typeof REASONS)[number]['value']

export const effectOf = (
  result: EnforceResult,
): Pick<EnforceResult, 'traces_deleted' | 'traces_reduced' | 'bytes_reclaimed'> => result.held_back ?? result

import type { opsRunEval, Scorer } from '@/lib/evals/contract'
import type { BodySent } from '@/lib/shared/contract'

type Body = BodySent<typeof opsRunEval>

export const SCORER_KINDS = ['regex', 'tool_sequence', 'latency', 'cost', 'numeric', 'json_schema', 'judge'] as const
export type ScorerKind = Scorer['type']

/** One scorer as it is typed in: its main value, and for a judge how good is good enough. */
export type ScorerDraft = { key: number; kind: ScorerKind; value: string; threshold: string; required: boolean }

export type RunDraft = {
  source: 'saved' | 'file'
  dataset: string
  datasetVersion: string
  file: string
  workspace: string
  subject: 'files' | 'environment' | 'version'
  environment: string
  version: string
  skill: string
  skillVersion: string
  model: string
  repeats: string
  parallel: string
  cap: string
  threshold: string
  caseThreshold: string
  isMocked: boolean
  baseline: string
  scorers: readonly ScorerDraft[]
}

export type FieldsProps = {
  draft: RunDraft
  faults: Readonly<Record<string, string>>
  set: (change: Partial<RunDraft>) => void
}

export const NEW_RUN: RunDraft = {
  ...{ source: 'saved', dataset: '', datasetVersion: '', file: 'evals/', workspace: '' },
  ...{ subject: 'files', environment: '', version: '', skill: '', skillVersion: '', model: '' },
  ...{ repeats: '1', parallel: '4', cap: '', threshold: '100', caseThreshold: '70' },
  ...{ isMocked: true, baseline: '', scorers: [] },
}

export const newScorer = (kind: ScorerKind, key = 0): ScorerDraft => ({
  key,
  kind,
  value: '',
  threshold: '70',
  required: true,
})

type Faults = Record<string, string>

const numberIn = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'))
  return text.trim() === '' || !Number.isFinite(value) ? null : value
}

const within = (faults: Faults, field: string, text: string, least: number, most: number): number => {
  const value = numberIn(text)
  if (value !== null && value >= least && value <= most) return value
  faults[field] = `Must be ${least} to ${most}`
  return least
}

const whole = (faults: Faults, field: string, text: string, least: number, most: number): number => {
  const value = within(faults, field, text, least, most)
  if (!Number.isInteger(value)) faults[field] = 'Must be a whole number'
  return value
}

const objectIn = (faults: Faults, field: string, text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    faults[field] = 'Must be a JSON object'
  } catch {
    faults[field] = 'Must be a JSON object'
  }
  return {}
}

const said = (faults: Faults, field: string, text: string): string => {
  if (text.trim() === '') faults[field] = 'Must be filled in'
  return text.trim()
}

type Sent = NonNullable<NonNullable<Body['options']>['scorers']>[number]

const scorerOf = (draft: ScorerDraft, at: number, faults: Faults): Sent => {
  const { kind, value, required } = draft
  const field = `scorers.${at}`
  // Two of a kind need names that tell them apart.
  const base = { name: `${kind}-${at + 1}`.replaceAll('_', '-'), required }
  if (kind === 'regex') return { type: kind, ...base, pattern: said(faults, field, value) }
  if (kind === 'latency') return { type: kind, ...base, max_ms: whole(faults, field, value, 1, 3_600_000) }
  if (kind === 'cost') return { type: kind, ...base, max_usd: within(faults, field, value, 0, 10_000) }
  if (kind === 'numeric') return { type: kind, ...base, tolerance: within(faults, field, value || '0.0001', 0, 1e12) }
  if (kind === 'json_schema') return { type: kind, ...base, schema: objectIn(faults, field, value) }
  if (kind === 'tool_sequence') return { type: kind, ...base, mode: modeIn(value) }
  const threshold = within(faults, `${field}.threshold`, draft.threshold, 0, 100) / 100
  return { type: 'judge', ...base, rubric: said(faults, field, value), threshold }
}

export const MODES = ['exact', 'prefix', 'in_order'] as const
const modeIn = (text: string) => MODES.find((mode) => mode === text) ?? 'exact'

const HASH = /^[0-9a-fA-F]{8,64}$/

const subjectOf = (draft: RunDraft, faults: Faults): Partial<Body> => {
  if (draft.subject === 'environment') return { environment: said(faults, 'environment', draft.environment) }
  if (draft.subject === 'files') return {}
  if (!HASH.test(draft.version.trim())) faults['version'] = 'Must be 8 to 64 digits of a version'
  return { version_hash: draft.version.trim() }
}

const datasetOf = (draft: RunDraft, faults: Faults): Partial<Body> => {
  if (draft.source === 'file') return { file: said(faults, 'file', draft.file) }
  const version =
    draft.datasetVersion === '' ? null : whole(faults, 'datasetVersion', draft.datasetVersion, 1, 1_000_000)
  const name = said(faults, 'dataset', draft.dataset)
  return { dataset: { name, ...(version === null ? {} : { version }) } }
}

const given = (name: string, value: string): Record<string, string> =>
  value.trim() === '' ? {} : { [name]: value.trim() }

/** What is sent for a draft, or where it is not whole yet. */
export const runBody = (draft: RunDraft): { body: Body; faults: Faults } => {
  const faults: Faults = {}
  const scorers = draft.scorers.map((one, at) => scorerOf(one, at, faults))
  const body: Body = {
    ...datasetOf(draft, faults),
    ...subjectOf(draft, faults),
    ...given('workspace_id', draft.workspace),
    ...given('baseline_id', draft.baseline),
    wait: false,
    options: {
      ...given('model', draft.model),
      ...given('skill_name', draft.skill),
      ...given('skill_version', draft.skill.trim() === '' ? '' : draft.skillVersion),
      repeats: whole(faults, 'repeats', draft.repeats, 1, 20),
      parallel: whole(faults, 'parallel', draft.parallel, 1, 16),
      ...(draft.cap.trim() === '' ? {} : { cap_usd: within(faults, 'cap', draft.cap, 0.000001, 100_000) }),
      pass_threshold: within(faults, 'threshold', draft.threshold, 0, 100) / 100,
      case_threshold: within(faults, 'caseThreshold', draft.caseThreshold, 0, 100) / 100,
      mock_tools: draft.isMocked,
      ...(scorers.length > 0 ? { scorers } : {}),
    },
  }
  return { body, faults }
}

import type { Reply } from './eval-words'
import type { RunDraft } from './run-draft'

const textOf = (options: Reply['result']['options'], key: string): string => {
  const value = options[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

const percentOf = (options: Reply['result']['options'], key: string): Record<string, number> | null => {
  const value = options[key]
  return typeof value === 'number' ? { value: Math.round(value * 1000) / 10 } : null
}

/** The same once more, against what it was: the last run is the baseline. */
export const againDraft = ({ id, result }: Reply): Partial<RunDraft> => {
  const { options } = result
  const isSaved = result.dataset_version !== null
  const [threshold, caseThreshold] = [percentOf(options, 'pass_threshold'), percentOf(options, 'case_threshold')]
  return {
    source: isSaved ? 'saved' : 'file',
    ...(isSaved ? { dataset: result.dataset_name } : { file: result.dataset_name }),
    workspace: result.workspace_id,
    ...(result.environment === null ? {} : { subject: 'environment' as const, environment: result.environment }),
    skill: result.skill_name ?? '',
    model: textOf(options, 'model'),
    repeats: String(result.repeats),
    cap: result.cap_usd === null ? '' : String(result.cap_usd),
    ...(threshold ? { threshold: String(threshold['value']) } : {}),
    ...(caseThreshold ? { caseThreshold: String(caseThreshold['value']) } : {}),
    isMocked: options['mock_tools'] !== false,
    baseline: id,
  }
}

import type { Alignment, Suspect, TraceDiff } from '../contract'
import { type Divergences, earliestOf, firstDivergence } from './divergence'
import { isMuch, isOtherSkills } from './sections'

const steps = (count: number): string => (count === 1 ? '1 step' : `${count} steps`)

const retriesOf = (alignment: readonly Alignment[]): string => {
  const [more, less] = [
    alignment.filter(({ op, base_index: base }) => op === 'retry' && base === null).length,
    alignment.filter(({ op, compare_index: compare }) => op === 'retry' && compare === null).length,
  ]
  if (more + less === 0) return ''
  return more >= less
    ? ` It took ${steps(more)} more of trying again.`
    : ` It took ${steps(less)} less of trying again.`
}

const pathOf = (alignment: readonly Alignment[], found: Divergences): string => {
  const parted = earliestOf(found.structural, found.decision)
  const shared = alignment.filter(
    ({ base_index: base, compare_index: compare }) => base !== null && compare !== null,
  ).length
  if (parted === null) {
    if (shared === 0) return 'No steps to compare.'
    const all = `Same path for all ${steps(shared)}`
    const { told } = found.wording ?? {}
    return told ? `${all}; only wording differs, first at step ${told.step}: ${told.sentence}.` : `${all}.`
  }
  const before = parted.step - 1
  return before === 0
    ? `Other paths from the first step on: ${parted.sentence}.`
    : `Same path for ${steps(before)}; at step ${parted.step} ${parted.sentence}.`
}

const MOST_NAMED = 3

const whyOf = (suspects: readonly Suspect[], isSame: boolean): string => {
  if (suspects.length > 0) {
    const more = suspects.length > MOST_NAMED ? ` and ${suspects.length - MOST_NAMED} more` : ''
    return ` Suspects: ${suspects
      .slice(0, MOST_NAMED)
      .map(({ sentence }) => sentence)
      .join('; ')}${more}.`
  }
  return isSame ? '' : ' No suspect: both were given the same.'
}

type Judged = Pick<TraceDiff, 'alignment' | 'suspects' | 'inputs'> & { found: Divergences }

export const verdictOf = ({ alignment, suspects, inputs, found }: Judged): string => {
  const isSame = firstDivergence(found) === null || !inputs.is_known
  return `${pathOf(alignment, found)}${retriesOf(alignment)}${whyOf(suspects, isSame)}`
}

type Told = Omit<TraceDiff, 'summary' | 'verdict' | 'suspects'>
type Area = TraceDiff['summary']['changed_areas'][number]

const AREAS: readonly [Area, string, (diff: Told) => boolean][] = [
  ['model', 'Model changed', ({ model }) => model.changed],
  ['workspace', 'Workspace changed', ({ workspace }) => workspace.changed],
  ['skills', 'Skill versions changed', ({ skills }) => isOtherSkills(skills)],
  [
    'tool_calls',
    'Tool calls differ',
    ({ tool_calls: calls, alignment }) =>
      calls.added.length + calls.removed.length + calls.changed.length > 0 ||
      alignment.some(({ op, kind }) => op === 'moved' && kind === 'tool'),
  ],
  ['errors', 'Error status changed', ({ errors }) => errors.base_has_error !== errors.compare_has_error],
  ['cost', 'Cost changed significantly', ({ cost }) => isMuch(cost)],
  ['output', 'Output message differs', ({ output }) => !output.messages_equal],
]

const inputsChanged = ({ inputs }: Told): number => {
  const { tools } = inputs
  return (
    [inputs.system_prompt, inputs.message, inputs.history].filter(({ changed }) => changed).length +
    Math.min(1, inputs.parameters.length) +
    Math.min(1, tools.added.length + tools.removed.length + tools.changed.length)
  )
}

// Steps that differ, areas that changed beside them, and what the two were given otherwise.
export const summaryOf = (diff: Told): TraceDiff['summary'] => {
  const changed = AREAS.filter(([, , isChanged]) => isChanged(diff))
  const beside = changed.filter(([area]) => area !== 'tool_calls').length
  return {
    total_differences: diff.alignment.filter(({ op }) => op !== 'equal').length + beside + inputsChanged(diff),
    significant_changes: changed.map(([, sentence]) => sentence),
    changed_areas: changed.map(([area]) => area),
  }
}

const signed = (value: number, unit = ''): string => `${value < 0 ? '−' : '+'}${Math.abs(value)}${unit}`

// The comparison in a few lines, for people and for channels without a screen.
export const summaryText = (diff: TraceDiff): string => {
  const { timing, usage, cost, steps: counted, summary } = diff
  return [
    diff.verdict,
    summary.significant_changes.length === 0 ? 'No significant change.' : `${summary.significant_changes.join('. ')}.`,
    [
      `Steps ${counted.base_step_count} → ${counted.compare_step_count}`,
      ...(timing.delta_ms === null ? [] : [`time ${signed(timing.delta_ms, ' ms')}`]),
      `tokens ${signed(usage.total_token_delta)}`,
      `cost ${cost.delta < 0 ? '−' : '+'}$${Math.abs(cost.delta)}`,
    ].join(', '),
    ...(diff.is_partial ? ['One of the two is not whole: it still runs, or has more steps than are compared.'] : []),
  ].join('\n')
}

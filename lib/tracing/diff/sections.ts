import { usdOf } from '@/lib/shared/money'
import { stableJson } from '@/lib/shared/stable-json'
import type { TraceDiff } from '../contract'
import type { DiffSide, Given } from './diff-side'
import { jsonChanges } from './json-changes'
import { newTextBudget, type TextBudget, wordDiff } from './word-diff'

type Part<K extends keyof TraceDiff> = TraceDiff[K]

// Two decimals; null where there is nothing to measure it by.
const percent = (base: number, delta: number): number | null =>
  base === 0 ? null : Math.round((delta * 10_000) / base) / 100

export const timingOf = (base: DiffSide, compare: DiffSide): Part<'timing'> => {
  const [a, b] = [base.durationMs, compare.durationMs]
  const delta = a === null || b === null ? null : b - a
  return {
    base_duration_ms: a,
    compare_duration_ms: b,
    delta_ms: delta,
    percent_change: delta === null || a === null ? null : percent(a, delta),
  }
}

export const modelOf = (base: DiffSide, compare: DiffSide): Part<'model'> => ({
  base_model: base.model,
  compare_model: compare.model,
  base_provider: base.provider,
  compare_provider: compare.provider,
  changed: base.model !== compare.model || base.provider !== compare.provider,
})

export const workspaceOf = (base: DiffSide, compare: DiffSide): Part<'workspace'> => ({
  base_hash: base.workspaceHash,
  compare_hash: compare.workspaceHash,
  changed: base.workspaceHash !== compare.workspaceHash,
})

export const skillsOf = ({ skillVersions: base }: DiffSide, { skillVersions: compare }: DiffSide): Part<'skills'> => {
  const skills: Part<'skills'> = { added: {}, removed: {}, changed: {}, unchanged: {} }
  for (const name of [...new Set([...Object.keys(base), ...Object.keys(compare)])].sort()) {
    const [a, b] = [base[name], compare[name]]
    if (a === undefined && b !== undefined) skills.added[name] = b
    else if (b === undefined && a !== undefined) skills.removed[name] = a
    else if (a !== undefined && b !== undefined && a !== b) skills.changed[name] = { base: a, compare: b }
    else if (a !== undefined) skills.unchanged[name] = a
  }
  return skills
}

export const isOtherSkills = ({ added, removed, changed }: Part<'skills'>): boolean =>
  [added, removed, changed].some((map) => Object.keys(map).length > 0)

export const usageOf = (base: DiffSide, compare: DiffSide): Part<'usage'> => ({
  base_input_tokens: base.inputTokens,
  base_output_tokens: base.outputTokens,
  compare_input_tokens: compare.inputTokens,
  compare_output_tokens: compare.outputTokens,
  input_token_delta: compare.inputTokens - base.inputTokens,
  output_token_delta: compare.outputTokens - base.outputTokens,
  total_token_delta: compare.inputTokens + compare.outputTokens - base.inputTokens - base.outputTokens,
})

export const costOf = (base: DiffSide, compare: DiffSide): Part<'cost'> => {
  const delta = compare.costMicroUsd - base.costMicroUsd
  return {
    base_cost: usdOf(base.costMicroUsd),
    compare_cost: usdOf(compare.costMicroUsd),
    delta: usdOf(delta),
    delta_micro_usd: delta,
    percent_change: percent(base.costMicroUsd, delta),
  }
}

const MUCH_PERCENT = 20

// Where the base cost nothing, anything is much.
export const isMuch = ({ delta_micro_usd: delta, percent_change: change }: Part<'cost'>): boolean =>
  change === null ? delta !== 0 : Math.abs(change) > MUCH_PERCENT

const pairOf = (base: string, compare: string, budget: TextBudget): Part<'inputs'>['message'] => {
  const words = base === compare ? null : wordDiff(base, compare, budget)
  return {
    changed: base !== compare,
    base_length: base.length,
    compare_length: compare.length,
    ...(words === null ? {} : { text_diff: words }),
  }
}

export const outputOf = (base: DiffSide, compare: DiffSide): Part<'output'> => {
  const { changed, text_diff: words, ...lengths } = pairOf(base.output ?? '', compare.output ?? '', newTextBudget())
  return {
    base_has_output: Boolean(base.output),
    compare_has_output: Boolean(compare.output),
    messages_equal: !changed,
    base_message_length: lengths.base_length,
    compare_message_length: lengths.compare_length,
    message_length_delta: lengths.compare_length - lengths.base_length,
    ...(words === undefined ? {} : { text_diff: words }),
  }
}

export const errorsOf = (base: DiffSide, compare: DiffSide): Part<'errors'> => ({
  base_error: base.error,
  compare_error: compare.error,
  base_has_error: base.hasError,
  compare_has_error: compare.hasError,
})

const toolsOf = (base: Given, compare: Given): Part<'inputs'>['tools'] => {
  const names = [[...base.tools.keys()], [...compare.tools.keys()]] as const
  return {
    added: names[1].filter((name) => !base.tools.has(name)).sort(),
    removed: names[0].filter((name) => !compare.tools.has(name)).sort(),
    changed: names[0]
      .filter((name) => compare.tools.has(name))
      .filter((name) => stableJson(base.tools.get(name)) !== stableJson(compare.tools.get(name)))
      .sort(),
  }
}

const NOTHING: Given = { systemPrompt: '', message: '', history: [], parameters: {}, tools: new Map() }

// What retention took away is not known to differ.
export const inputsOf = (base: DiffSide, compare: DiffSide): Part<'inputs'> => {
  const isKnown = base.given !== null && compare.given !== null
  const [a, b] = isKnown ? [base.given ?? NOTHING, compare.given ?? NOTHING] : [NOTHING, NOTHING]
  const budget = newTextBudget()
  return {
    is_known: isKnown,
    system_prompt: pairOf(a.systemPrompt, b.systemPrompt, budget),
    message: pairOf(a.message, b.message, budget),
    history: {
      base_count: a.history.length,
      compare_count: b.history.length,
      changed: stableJson(a.history) !== stableJson(b.history),
    },
    parameters: jsonChanges(a.parameters, b.parameters).changes,
    tools: toolsOf(a, b),
  }
}

import type { TraceDiff } from '../contract'
import { alignSteps } from './align'
import { callsOf, stepsOf } from './call-lists'
import type { DiffSide, FileChange } from './diff-side'
import { divergencesOf, firstDivergence } from './divergence'
import type { Match } from './node'
import { costOf, errorsOf, inputsOf, modelOf, outputOf, skillsOf, timingOf, usageOf, workspaceOf } from './sections'
import { suspectsOf } from './suspects'
import { summaryOf, verdictOf } from './verdict'
import { bareInputs, bareItem, bareOutput } from './withhold'

type Known = {
  matches?: readonly Match[]
  files?: readonly FileChange[] | null
  // For readers who may not see texts and values: the names that are no secret.
  veil?: ReadonlySet<string> | null
}

// Two traces, step by step and as wholes. What is veiled is so before any sentence is made of it.
export const diffSides = (
  base: DiffSide,
  compare: DiffSide,
  { matches, files = null, veil = null }: Known = {},
): TraceDiff => {
  const aligned = alignSteps(base.nodes, compare.nodes, matches).map(({ match, item }) => ({
    match,
    item: veil === null ? item : bareItem(item, veil),
  }))
  const given = inputsOf(base, compare)
  const output = outputOf(base, compare)
  const alignment = aligned.map(({ item }) => item)
  const found = divergencesOf(aligned)
  const facts = {
    model: modelOf(base, compare),
    workspace: workspaceOf(base, compare),
    skills: skillsOf(base, compare),
    inputs: veil === null ? given : bareInputs(given),
  }
  const suspects = suspectsOf(facts, files)
  const told = {
    trace_ids: { base: base.id, compare: compare.id },
    context: {
      same_tenant: base.tenantId === compare.tenantId,
      same_workspace: base.workspaceId === compare.workspaceId,
      same_agent: base.agentRole === compare.agentRole,
    },
    timing: timingOf(base, compare),
    ...facts,
    usage: usageOf(base, compare),
    cost: costOf(base, compare),
    tool_calls: callsOf(base, compare, aligned),
    steps: stepsOf(base, compare, aligned),
    output: veil === null ? output : bareOutput(output),
    errors: errorsOf(base, compare),
    alignment,
    first_divergence: firstDivergence(found),
    first_by_class: {
      structural: found.structural?.told ?? null,
      decision: found.decision?.told ?? null,
      wording: found.wording?.told ?? null,
    },
    is_partial: base.isPartial || compare.isPartial,
    withheld: veil !== null,
  }
  const verdict = verdictOf({ alignment, suspects, inputs: facts.inputs, found })
  return { ...told, verdict, suspects, summary: summaryOf(told) }
}

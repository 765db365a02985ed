import type { TraceDiff } from '../contract'
import type { Aligned } from './align'
import type { DiffSide } from './diff-side'
import type { DiffNode } from './node'

type Calls = TraceDiff['tool_calls']

const told = (node: DiffNode): Calls['added'][number] => ({
  id: node.callId ?? '',
  name: node.label,
  success: node.status === 'ok',
  duration_ms: node.durationMs,
})

const pairOf = (base: DiffNode, compare: DiffNode): Calls['changed'][number] => ({
  name: base.label,
  base_id: base.callId ?? '',
  compare_id: compare.callId ?? '',
  differences: {
    arguments_changed: base.keys.arguments !== compare.keys.arguments,
    result_changed: base.keys.result !== compare.keys.result,
    success_changed: base.status !== compare.status,
    duration_delta: compare.durationMs - base.durationMs,
  },
})

const isOther = ({ differences: { arguments_changed, result_changed, success_changed } }: Calls['changed'][number]) =>
  arguments_changed || result_changed || success_changed

const isCall = (node: DiffNode | undefined): node is DiffNode => node?.kind === 'tool'

// Two calls of other tools that stand in one place are one that went and one that came.
export const callsOf = (base: DiffSide, compare: DiffSide, aligned: readonly Aligned[]): Calls => {
  const calls: Calls = { removed: [], added: [], changed: [], unchanged: 0, base_count: 0, compare_count: 0 }
  for (const { match } of aligned) {
    const a = match.base === null ? undefined : base.nodes[match.base]
    const b = match.compare === null ? undefined : compare.nodes[match.compare]
    if (isCall(a)) calls.base_count++
    if (isCall(b)) calls.compare_count++
    if (isCall(a) && isCall(b) && a.name === b.name) {
      const pair = pairOf(a, b)
      if (isOther(pair)) calls.changed.push(pair)
      else calls.unchanged++
    } else {
      if (isCall(a)) calls.removed.push(told(a))
      if (isCall(b)) calls.added.push(told(b))
    }
  }
  return calls
}

const count = (side: DiffSide, isIn: (node: DiffNode) => boolean): number => side.nodes.filter(isIn).length

export const stepsOf = (base: DiffSide, compare: DiffSide, aligned: readonly Aligned[]): TraceDiff['steps'] => {
  const delta = (isIn: (node: DiffNode) => boolean) => count(compare, isIn) - count(base, isIn)
  return {
    base_step_count: base.stepCount,
    compare_step_count: compare.stepCount,
    llm_call_count_delta: delta(({ kind }) => kind === 'inference'),
    tool_call_count_delta: delta(isCall),
    error_count_delta: delta(({ status }) => status === 'error'),
    structural_differences: aligned.filter(({ item }) => item.class === 'structural').length,
  }
}

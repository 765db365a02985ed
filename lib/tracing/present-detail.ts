import { MASK_OF } from '@/lib/core/redaction/input'
import type { TraceDetail } from './contract'
import { type Json, listOf, NAMELESS, offeredIn, type Presented, parse, presentTrace } from './present'

type Denial = TraceDetail['governance_signals']['permission_denials'][number]

// "layer: reason" is written by us, but a reason may quote what was asked for.
const reasonOf = (data: Json, isOpen: boolean): string => {
  const reason = String(data['permission_reason'] ?? '')
  return isOpen ? reason : (reason.split(':')[0] ?? '')
}

const denialsOf = ({ row, inputs, isOpen }: Presented): Denial[] => {
  const known = offeredIn(inputs)
  return row.steps
    .filter(({ type }) => type === 'tool_call')
    .map(({ data }) => parse(data))
    .filter((data) => data['permitted'] === false)
    .map((data) => {
      const name = String(data['tool_name'])
      return { tool_name: isOpen || known.has(name) ? name : NAMELESS, reason: reasonOf(data, isOpen) }
    })
}

const TYPES_OF = Object.entries(MASK_OF).reduce<Map<string, string>>(
  (all, [type, mask]) => (all.has(mask) ? all : all.set(mask, type)),
  new Map(),
)

// Masks stand where something was taken out, so the stored texts themselves tell what it was.
const redactionOf = ({ row, inputs }: Presented): TraceDetail['redaction_info'] => {
  const stored = [JSON.stringify(inputs), row.content?.outcome ?? '', ...row.steps.map(({ data }) => data)]
  const found = stored.flatMap((text) => text.match(/\[[A-Z_]{2,20}\]/g) ?? []).filter((mask) => TYPES_OF.has(mask))
  const types = new Set(found.flatMap((mask) => TYPES_OF.get(mask) ?? []))
  return { applied: found.length > 0, types_detected: [...types].sort(), count: found.length }
}

const linkTo = (name: string, value: string | null) =>
  value === null ? {} : { [name]: { value, url: `/ops/traces?${new URLSearchParams({ [name]: value })}` } }

const linksOf = ({ row }: Presented): TraceDetail['linked_ids'] => ({
  ...linkTo('task_id', row.taskId),
  ...linkTo('document_id', row.documentId),
  ...linkTo('message_id', row.messageId),
})

const rawOf = ({ row, inputs }: Presented): Json => {
  const { content, labels: _, annotations: __, steps, costMicroUsd, ...rest } = row
  return {
    ...rest,
    costMicroUsd: Number(costMicroUsd),
    inputs,
    outcome: parse(content?.outcome),
    steps: steps.map((step) => ({ ...step, data: parse(step.data) })),
  }
}

const textsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, state]) => [
      name,
      String(state),
    ]),
  )

// What the console shows: the trace with what stands out in it.
export const presentDetail = (shown: Presented): TraceDetail => {
  const redaction = redactionOf(shown)
  return {
    ...presentTrace(shown),
    skill_states: textsIn(shown.inputs['skill_states']),
    governance_signals: { redaction_applied: redaction.applied, permission_denials: denialsOf(shown) },
    redaction_info: redaction,
    linked_ids: linksOf(shown),
    raw_trace: shown.isOpen ? rawOf(shown) : null,
  }
}

export const partsOf = ({ row, inputs }: Presented): string[] => [
  ...(typeof inputs['message'] === 'string' ? ['input'] : []),
  ...(listOf(inputs['messages']).length > 0 ? ['history'] : []),
  ...(typeof inputs['system_prompt'] === 'string' ? ['system_prompt'] : []),
  ...(row.content?.outcome ? ['output'] : []),
  ...(row.steps.length > 0 ? ['steps'] : []),
]

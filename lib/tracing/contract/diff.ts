import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'

const text = z.string().nullable()
const count = z.number().int()
const flag = z.boolean()
const index = z.number().int().nonnegative().nullable()

export const DIFF_OPS = ['equal', 'changed', 'moved', 'inserted', 'deleted', 'retry'] as const
// structural: a step more, less or elsewhere, or one that failed on one side; decision: another tool or other arguments
// in the same place; wording: the same step with other texts, results or another model behind it.
export const DIVERGENCES = ['structural', 'decision', 'wording'] as const

const TextEdit = z.object({ op: z.enum(['equal', 'insert', 'delete']), text: z.string() })
export type TextEdit = z.output<typeof TextEdit>

const words = z.array(TextEdit).meta({ description: 'Word by word; left out when withheld, equal or too long' })

// Two versions of one text.
const TextPair = z.object({
  changed: flag,
  base_length: count,
  compare_length: count,
  text_diff: words.optional(),
})

const Change = z.object({
  path: z.string().meta({ description: 'JSON path, such as $.arguments.order_id' }),
  op: z.enum(['added', 'removed', 'changed']),
  base: z.unknown().optional().meta({ description: 'Left out when withheld or when there was none' }),
  compare: z.unknown().optional(),
})
export type Change = z.output<typeof Change>

const Alignment = z.object({
  op: z.enum(DIFF_OPS).meta({ description: 'retry: the same step once more, after it had failed' }),
  class: z.enum(DIVERGENCES).optional().meta({ description: 'Only where something differs' }),
  base_index: index.meta({ description: 'Place among the steps of the base trace, from 0' }),
  compare_index: index,
  base_span_id: text,
  compare_span_id: text,
  kind: z.string(),
  label: z.string().meta({ description: 'Tool, model or name; of the base where it has one' }),
  compare_label: text.meta({ description: 'Only where it is another one' }),
  depth: count,
  is_reordered: flag.meta({ description: 'Parallel siblings came in another order, which means nothing' }),
  base_status: text,
  compare_status: text,
  changes: z.array(Change),
  changes_cut: flag.meta({ description: 'There is more than is listed: changes, or their values' }),
  text_diff: words.optional(),
  delta: z
    .object({ duration_ms: count, cost_micro_usd: count, input_tokens: count, output_tokens: count })
    .nullable()
    .meta({ description: 'Compare less base; null where there is one side only' }),
})
export type Alignment = z.output<typeof Alignment>

const Divergence = z.object({
  alignment_index: count.meta({ description: 'Where it stands in alignment' }),
  base_index: index.meta({ description: 'The first step of the base that differs; null past its end' }),
  compare_index: index,
  step: count.meta({ description: 'Which step of the path it is, from 1' }),
  class: z.enum(DIVERGENCES),
  kind: z.string(),
  sentence: z.string(),
})
export type Divergence = z.output<typeof Divergence>

const Suspect = z.object({
  kind: z.enum(['workspace', 'skills', 'model', 'parameters', 'tools', 'history', 'prompt', 'message']),
  sentence: z.string(),
  files: z
    .array(
      z.object({
        path: z.string(),
        status: z.enum(['added', 'removed', 'modified']),
        lines_added: count,
        lines_removed: count,
      }),
    )
    .optional()
    .meta({ description: 'Changed files, where both versions are kept' }),
})
export type Suspect = z.output<typeof Suspect>

const Call = z.object({ id: z.string(), name: z.string(), success: flag, duration_ms: count })
const CallPair = z.object({
  name: z.string(),
  base_id: z.string(),
  compare_id: z.string(),
  differences: z.object({
    arguments_changed: flag,
    result_changed: flag,
    success_changed: flag,
    duration_delta: count,
  }),
})

const Versions = z.record(z.string(), z.string())

export const TraceDiff = z.object({
  trace_ids: z.object({ base: Uuid, compare: Uuid }),
  context: z.object({ same_tenant: flag, same_workspace: flag, same_agent: flag }),
  timing: z.object({
    base_duration_ms: count.nullable(),
    compare_duration_ms: count.nullable(),
    delta_ms: count.nullable(),
    percent_change: z.number().nullable(),
  }),
  model: z.object({
    base_model: z.string(),
    compare_model: z.string(),
    base_provider: z.string(),
    compare_provider: z.string(),
    changed: flag,
  }),
  workspace: z.object({ base_hash: text, compare_hash: text, changed: flag }),
  skills: z.object({
    added: Versions,
    removed: Versions,
    changed: z.record(z.string(), z.object({ base: z.string(), compare: z.string() })),
    unchanged: Versions,
  }),
  usage: z.object({
    base_input_tokens: count,
    base_output_tokens: count,
    compare_input_tokens: count,
    compare_output_tokens: count,
    input_token_delta: count,
    output_token_delta: count,
    total_token_delta: count,
  }),
  cost: z.object({
    base_cost: z.number(),
    compare_cost: z.number(),
    delta: z.number(),
    delta_micro_usd: count,
    percent_change: z.number().nullable().meta({ description: 'null where the base cost nothing' }),
  }),
  tool_calls: z.object({
    removed: z.array(Call),
    added: z.array(Call),
    changed: z.array(CallPair),
    unchanged: count,
    base_count: count,
    compare_count: count,
  }),
  steps: z.object({
    base_step_count: count,
    compare_step_count: count,
    llm_call_count_delta: count,
    tool_call_count_delta: count,
    error_count_delta: count,
    structural_differences: count,
  }),
  output: z.object({
    base_has_output: flag,
    compare_has_output: flag,
    messages_equal: flag,
    base_message_length: count,
    compare_message_length: count,
    message_length_delta: count,
    text_diff: words.optional(),
  }),
  errors: z.object({ base_error: text, compare_error: text, base_has_error: flag, compare_has_error: flag }),
  inputs: z
    .object({
      is_known: flag.meta({ description: 'false where retention dropped what one of them was given' }),
      system_prompt: TextPair,
      message: TextPair,
      history: z.object({ base_count: count, compare_count: count, changed: flag }),
      parameters: z.array(Change),
      tools: z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) }),
    })
    .meta({ description: 'What the two runs were given' }),
  alignment: z.array(Alignment).meta({ description: 'Every step of both traces once, in the order of the base' }),
  first_divergence: Divergence.nullable().meta({ description: 'The earliest difference of any class' }),
  first_by_class: z.object({
    structural: Divergence.nullable(),
    decision: Divergence.nullable(),
    wording: Divergence.nullable(),
  }),
  verdict: z.string(),
  suspects: z.array(Suspect).meta({ description: 'What else differs and may be why; never proven' }),
  summary: z.object({
    total_differences: count,
    significant_changes: z.array(z.string()),
    changed_areas: z.array(z.enum(['model', 'workspace', 'skills', 'tool_calls', 'errors', 'cost', 'output'])),
  }),
  is_partial: flag.meta({
    description: 'One of the two is still running, or has more than 20,000 steps: the first ones are compared',
  }),
  withheld: flag.meta({ description: 'Texts, values and names that models chose were left out for this reader' }),
})
export type TraceDiff = z.output<typeof TraceDiff>

export const DiffBody = z.object({
  base_trace_id: Uuid,
  compare_trace_id: Uuid,
  include_summary: z.boolean().default(true),
  tenant_id: TenantId.optional(),
})
export type DiffBody = z.output<typeof DiffBody>

const shape = {
  method: 'POST',
  tag: 'traces',
  summary: 'Compare two traces step by step',
  camel: true,
  // Keyed by paths, names of skills and values of calls.
  verbatim: ['changes', 'parameters', 'skills'],
  body: DiffBody,
  rateLimit: { perMinute: 240 },
  reply: z.object({ diff: TraceDiff, summary_text: z.string().optional() }),
} as const

export const diffTraces = contract({ ...shape, path: '/traces/diff', guard: service('read') })

export const opsDiffTraces = contract({ ...shape, path: '/ops/api/traces/diff', guard: ops('trace:diff') })

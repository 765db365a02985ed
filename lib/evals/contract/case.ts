import { z } from 'zod'

const MOST_KEYS = 200
const text = (max: number) => z.string().min(1).max(max)
const Name = text(200).regex(/^[^\p{Cc}]*$/u, 'must hold no control characters')

const record = z
  .record(z.string(), z.unknown())
  .refine((value) => Object.keys(value).length <= MOST_KEYS, `must have at most ${MOST_KEYS} keys`)

const Said = z.union([z.string().max(200_000), record])

export const ExpectedCall = z.union([Name, z.object({ name: Name, arguments: record.optional() })])
export type ExpectedCall = z.output<typeof ExpectedCall>

export const Mock = z.object({ returns: z.unknown().optional(), throws: z.string().max(2_000).optional() })

export const Weighing = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short name in small letters')
    .optional(),
  weight: z.number().min(0).max(100).default(1),
  required: z.boolean().default(true).meta({ description: 'A case that fails here fails, whatever its score is' }),
}

const typed = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...Weighing, ...shape })

export const Judge = typed('judge', {
  rubric: text(20_000),
  model: text(200).optional().meta({ description: 'Pinned when the run begins' }),
  threshold: z.number().min(0).max(1).default(0.7),
  max_tokens: z.number().int().min(64).max(8_000).default(800),
})
export type Judge = z.output<typeof Judge>

export const Scorer = z.discriminatedUnion('type', [
  typed('regex', { pattern: text(1_000), ignore_case: z.boolean().default(false), negate: z.boolean().default(false) }),
  typed('json_schema', { schema: record }),
  typed('numeric', {
    expected: z.number().optional(),
    tolerance: z.number().min(0).default(1e-4),
    relative: z.boolean().default(false),
    extract: z.enum(['only', 'first', 'last']).default('last'),
  }),
  typed('tool_sequence', {
    expected: z.array(ExpectedCall).max(100).optional(),
    mode: z.enum(['exact', 'prefix', 'in_order']).default('exact'),
  }),
  typed('latency', { max_ms: z.number().int().min(1).max(3_600_000) }),
  typed('cost', { max_usd: z.number().min(0).max(10_000) }),
  Judge,
])
export type Scorer = z.output<typeof Scorer>

export const EvalCase = z.object({
  id: Name.optional(),
  name: text(500).optional(),
  input: z.union([text(200_000), record]),
  expected_output: Said.optional(),
  expected_tool_calls: z.array(ExpectedCall).max(100).optional(),
  acceptable_outputs: z.array(Said).max(50).optional(),
  history: z
    .array(z.object({ role: z.enum(['user', 'assistant', 'system']), content: z.string().max(200_000) }))
    .max(200)
    .optional(),
  tags: z.array(text(100)).max(50).optional(),
  metadata: record.optional(),
  mocks: z
    .record(Name, Mock)
    .refine((mocks) => Object.keys(mocks).length <= 64, 'must name at most 64 tools')
    .optional()
    .meta({ description: 'What tools answer in this case; any other tool refuses' }),
  scorers: z.array(Scorer).max(10).optional(),
})
export type EvalCase = z.output<typeof EvalCase>

export const KnownCase = EvalCase.extend({ id: Name })
export type KnownCase = z.output<typeof KnownCase>

export const MOST_CASES = 10_000

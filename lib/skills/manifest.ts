import { z } from 'zod'
import { STRATEGIES } from '@/lib/core/redaction/rules'
import { isVersion } from './version'

const RESERVED_NAMES = ['registry', 'publish', 'by-state', 'signers'] as const

export const SkillName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower case letters, digits, _ and -, beginning with a letter')
  .refine((name) => !RESERVED_NAMES.some((reserved) => reserved === name), 'is a reserved name')

const SkillVersionName = z.string().refine(isVersion, 'must be x.y.z, digits only')

const INPUT_TYPES = ['string', 'number', 'boolean', 'array', 'object', 'enum'] as const
const Key = z.string().min(1).max(200)
const Line = z.string().max(1024)
const Names = z.array(z.string().min(1).max(200)).max(256)

const Field = z.looseObject({
  type: z.enum(INPUT_TYPES),
  description: Line.optional(),
  values: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .max(500)
    .optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

const needsValues = { message: 'an enum needs its values', path: ['values'] }
const hasValues = ({ type, values }: { type: string; values?: unknown[] | undefined }): boolean =>
  type !== 'enum' || (values?.length ?? 0) > 0

const InputField = Field.extend({
  required: z.boolean().default(true),
  default: z.unknown().optional(),
  items: z.unknown().optional(),
}).refine(hasValues, needsValues)

const Permissions = z.looseObject({
  tools: Names.default([]),
  maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  allowedModels: z.array(z.string().min(1).max(200)).max(100).optional(),
})

const Gates = z.looseObject({
  env: Names.default([]),
  bins: Names.default([]),
  anyBins: Names.default([]),
  os: Names.default([]),
  config: Names.default([]),
  always: z.boolean().default(false),
})

const SkillMock = z.object({ returns: z.unknown().optional(), throws: z.string().max(4_000).optional() })

const Judge = z.looseObject({
  rubric: z.string().min(1).max(8_000),
  model: z.string().min(1).max(200).optional(),
  threshold: z.number().min(0).max(1).default(0.7),
})

const SkillTest = z.looseObject({
  name: z.string().min(1).max(200),
  description: Line.optional(),
  input: z.record(Key, z.unknown()).default({}),
  mocks: z.record(Key, SkillMock).optional(),
  expect: z.record(Key, z.unknown()).optional(),
  // A text that the error holds, or that there is one at all.
  expectError: z.union([z.string().max(1_000), z.boolean()]).optional(),
  schema: z.record(Key, z.unknown()).optional(),
  judge: Judge.optional(),
  timeout: z.number().int().min(1).max(600_000).optional(),
})
export type SkillTest = z.output<typeof SkillTest>

const Strategy = z.enum(STRATEGIES)
const CustomPattern = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores, at most 40'),
  pattern: z.string().min(1).max(500),
  strategy: Strategy.optional(),
  replacement: z.string().max(40).optional(),
})

const Redaction = z.looseObject({
  patterns: Names.default([]),
  strategy: Strategy.default('mask'),
  custom_patterns: z.array(CustomPattern).max(20).default([]),
})

const MOST_FILES = 256
const FilePath = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_. -]*(?:\/[A-Za-z0-9_][A-Za-z0-9_. -]*){0,6}$/,
    'must be a plain path below the skill',
  )
  .refine((path) => path.toLowerCase() !== 'skill.md', 'is what instructions say')

// Texts that the instructions refer to, as they lie beside a SKILL.md.
const Files = z
  .record(FilePath, z.string().max(262_144))
  .refine((files) => Object.keys(files).length <= MOST_FILES, `must be at most ${MOST_FILES}`)

const Link = z.url({ protocol: /^https?$/ }).max(2048)

export const Manifest = z.looseObject({
  name: SkillName,
  version: SkillVersionName,
  description: z.string().min(1).max(1024),
  instructions: z.string().min(1).max(500_000),
  inputs: z.record(Key, InputField).optional(),
  outputs: z.record(Key, Field.refine(hasValues, needsValues)).optional(),
  permissions: Permissions.optional(),
  gates: Gates.optional(),
  tests: z.array(SkillTest).max(200).optional(),
  redaction: Redaction.optional(),
  author: Line.optional(),
  license: Line.optional(),
  homepage: Link.optional(),
  repository: Link.optional(),
  emoji: z.string().min(1).max(32).optional(),
  tags: z.array(z.string().min(1).max(100)).max(50).optional(),
  files: Files.optional(),
  metadata: z.unknown().optional(),
})
export type Manifest = z.output<typeof Manifest>

import { z } from 'zod'
import { contract, open, ops } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'

const PART_STATES = ['ok', 'degraded', 'error', 'unchecked', 'missing'] as const
const PartStatus = z.enum(PART_STATES)
export type PartStatus = z.output<typeof PartStatus>
const Component = z.object({ status: PartStatus }).loose()
const SkillCount = z.object({ enabled: z.number().int(), total: z.number().int() })
const ModelPart = z.object({
  provider: z.string(),
  model: z.string(),
  has_key: z.boolean(),
  key_name: z.string().nullable().meta({ description: 'The setting that holds the key; never the key' }),
  is_demo: z.boolean(),
})
const Deep = z.object({ deep: z.stringbool().default(false) })

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  profile: z.string(),
  database: Component,
  worker: Component,
  workspace: Component,
  models: Component,
  backend: Component,
  skills: SkillCount.optional(),
  config: z
    .object({ port: z.number().int(), default_task: z.string(), model: z.string(), fallback_model: z.string() })
    .optional(),
  instance: z.object({ id: z.string(), version: z.string(), node: z.string(), roles: z.array(z.string()) }).optional(),
})
export const getHealth = contract({
  method: 'GET',
  path: '/health',
  summary: 'Component health; details only with a credential',
  guard: open,
  tag: 'operations',
  query: Deep,
  reply: Health,
  camel: true,
})

const Part = <S extends z.ZodRawShape>(shape: S) => z.object({ status: PartStatus, ...shape })
const Failure = z.object({ trace_id: z.string(), code: z.string().nullable(), status: z.string(), at: Timestamp })
const Contract = z.object({
  compatible: z.boolean(),
  version: z.string().nullable(),
  missing_features: z.array(z.string()),
  warnings: z.array(z.string()),
  error: z.string().nullable(),
})
export const OpsHealth = z.object({
  status: z.enum(['ok', 'degraded']),
  checked_at: Timestamp,
  instance: Part({
    id: z.string(),
    version: z.string(),
    profile: z.string(),
    roles: z.array(z.string()),
    started_at: Timestamp,
  }),
  database: Part({ engine: z.string(), version: z.string().nullable(), latency_ms: z.number() }),
  worker: Part({ seen_at: Timestamp.nullable() }),
  models: Part({
    default: ModelPart.nullable(),
    fallback: ModelPart.nullable(),
    cheap: ModelPart.nullable(),
    cooldowns: z.array(
      z.object({ provider: z.string(), model: z.string(), failures: z.number().int(), until: Timestamp }),
    ),
    error: z.string().nullable(),
  }),
  backend: Part({
    url: z.string(),
    is_resting: z.boolean().meta({ description: 'Calls failed in a row, so they are held back for a moment' }),
    checked_at: Timestamp.nullable(),
    latency_ms: z.number().nullable(),
    error: z.string().nullable(),
    contract: Contract.nullable().meta({ description: 'What the backend says it can; only when probed' }),
  }),
  workspace: Part({
    id: z.string(),
    hash: z.string().nullable(),
    path: z.string().nullable(),
    max_chars_per_file: z.number().int(),
    max_total_chars: z.number().int(),
    total_chars: z.number().int(),
    files: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['whole', 'cut', 'left_out', 'unused', 'absent']),
        raw_chars: z.number().int(),
        injected_chars: z.number().int(),
      }),
    ),
    boot_complete: z.boolean().nullable(),
    warnings: z.array(z.string()),
    error: z.string().nullable(),
  }),
  skills: SkillCount.extend({
    status: PartStatus,
    off: z.array(z.object({ name: z.string(), reason: z.string() })),
    warnings: z.array(z.string()),
  }),
  runs: Part({
    since: Timestamp,
    total: z.number().int(),
    failed: z.number().int(),
    is_capped: z.boolean().meta({ description: 'Only the newest runs of the hour were looked at' }),
    failures: z.array(Failure),
  }),
})
export type OpsHealth = z.output<typeof OpsHealth>
export const opsHealth = contract({
  method: 'GET',
  path: '/ops/api/health',
  summary: 'Whether agents can run: models, backend, workspace, worker, recent failures',
  guard: ops('system:view'),
  tag: 'system',
  query: Deep,
  reply: OpsHealth,
})

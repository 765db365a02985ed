import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf, Offset, wholeOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { EvalCase, KnownCase, MOST_CASES } from './case'

const tag = 'evals'
const MEBIBYTE = 1_048_576
const count = z.number().int()
const Asked = { tenant_id: TenantId.optional() }

export const DatasetName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,119}$/, 'must be 1 to 120 letters, digits, spaces or ._-')

export const Dataset = z.object({
  id: Uuid,
  name: z.string(),
  description: z.string().nullable(),
  version: count,
  case_count: count,
  content_hash: z.string(),
  created_by: z.string(),
  created_at: Timestamp,
  updated_at: Timestamp,
  archived_at: Timestamp.nullable(),
})
export type Dataset = z.output<typeof Dataset>

const VersionOfDataset = z.object({
  version: count,
  case_count: count,
  content_hash: z.string(),
  message: z.string().nullable(),
  created_by: z.string(),
  created_at: Timestamp,
})

const list = {
  method: 'GET',
  summary: 'Datasets, by name',
  tag,
  query: z.object({
    ...Asked,
    q: z.string().max(200).optional(),
    archived: z.enum(['true', 'false']).default('false'),
    limit: limitOf(100, 50),
    offset: Offset,
  }),
  reply: z.object({ datasets: z.array(Dataset), total: count, has_more: z.boolean(), limit: count, offset: count }),
} as const
export const listDatasets = contract({ ...list, path: '/evals/datasets', guard: service('read') })
export const opsListDatasets = contract({ ...list, path: '/ops/api/evals/datasets', guard: ops('eval:view') })

const CaseOfDataset = KnownCase.extend({ trace_id: z.string().nullable(), since_version: count })

const get = {
  method: 'GET',
  summary: 'A dataset with its versions and the cases of one of them',
  tag,
  params: z.object({ name: DatasetName }),
  query: z.object({ ...Asked, version: wholeOf(1, 1_000_000).optional(), limit: limitOf(500, 100), offset: Offset }),
  reply: z.object({
    dataset: Dataset,
    versions: z.array(VersionOfDataset),
    version: count,
    cases: z.array(CaseOfDataset),
    total: count,
    has_more: z.boolean(),
    limit: count,
    offset: count,
  }),
} as const
export const getDataset = contract({ ...get, path: '/evals/datasets/{name}', guard: service('read') })
export const opsGetDataset = contract({ ...get, path: '/ops/api/evals/datasets/{name}', guard: ops('eval:view') })

const diff = {
  method: 'GET',
  summary: 'What one version of a dataset has that another has not',
  tag,
  params: z.object({ name: DatasetName }),
  query: z.object({ ...Asked, from: wholeOf(1, 1_000_000), to: wholeOf(1, 1_000_000) }),
  reply: z.object({ added: z.array(KnownCase), removed: z.array(KnownCase), changed: z.array(z.string()) }),
} as const
export const diffDataset = contract({ ...diff, path: '/evals/datasets/{name}/diff', guard: service('read') })
export const opsDiffDataset = contract({
  ...diff,
  path: '/ops/api/evals/datasets/{name}/diff',
  guard: ops('eval:view'),
})

export const SaveDataset = z.object({
  ...Asked,
  name: DatasetName,
  description: z.string().max(2_000).optional(),
  message: z.string().max(500).optional(),
  cases: z.array(EvalCase).max(MOST_CASES).optional(),
  format: z.enum(['json', 'jsonl', 'csv']).optional(),
  content: z
    .string()
    .max(16 * MEBIBYTE)
    .optional()
    .meta({ description: 'The same as a text in `format`, in place of `cases`' }),
  mode: z.enum(['replace', 'merge', 'remove']).default('replace').meta({
    description:
      'replace: these cases and no others. merge: those of the same id are replaced, all others stay. remove: cases with these ids go',
  }),
  ids: z.array(z.string().min(1).max(200)).max(MOST_CASES).optional(),
  expected_version: z.number().int().min(0).optional().meta({ description: '0: there is none of this name yet' }),
})
export type SaveDataset = z.output<typeof SaveDataset>

const save = {
  method: 'POST',
  summary: 'Save cases as the next version of a dataset; what did not change makes no version',
  tag,
  status: 201,
  maxBodyBytes: 17 * MEBIBYTE,
  body: SaveDataset,
  reply: z.object({ status: z.literal('ok'), dataset: Dataset, is_new: z.boolean() }),
} as const
export const saveDataset = contract({ ...save, path: '/evals/datasets', guard: service('write') })
export const opsSaveDataset = contract({ ...save, path: '/ops/api/evals/datasets', guard: ops('eval:run') })

const fromTraces = {
  method: 'POST',
  summary: 'Add what selected runs were asked, as cases; texts stay redacted as they are stored',
  tag,
  params: z.object({ name: DatasetName }),
  status: 201,
  body: z.object({
    ...Asked,
    trace_ids: z.array(Uuid).min(1).max(500),
    expect_answer: z.boolean().default(false).meta({ description: 'What the run answered is what is expected' }),
    expect_tool_calls: z.boolean().default(false),
    with_mocks: z.boolean().default(false).meta({ description: 'Tools answer what they answered then' }),
    tags: z.array(z.string().min(1).max(100)).max(20).optional(),
    create: z.boolean().default(false).meta({ description: 'Make a dataset of this name where there is none' }),
    description: z.string().max(2_000).optional(),
  }),
  reply: z.object({
    status: z.literal('ok'),
    dataset: Dataset,
    added: count,
    skipped: z.array(z.object({ trace_id: z.string(), reason: z.string() })),
  }),
} as const
export const addTraces = contract({ ...fromTraces, path: '/evals/datasets/{name}/traces', guard: service('write') })
export const opsAddTraces = contract({
  ...fromTraces,
  path: '/ops/api/evals/datasets/{name}/traces',
  guard: ops('eval:run'),
})

const file = {
  method: 'GET',
  summary: 'A version of a dataset as a file',
  tag,
  params: z.object({ name: DatasetName }),
  query: z.object({
    ...Asked,
    version: wholeOf(1, 1_000_000).optional(),
    format: z.enum(['json', 'jsonl', 'csv']).default('jsonl'),
  }),
  replyType: 'download',
} as const
export const exportDataset = contract({ ...file, path: '/evals/datasets/{name}/export', guard: service('read') })
export const opsExportDataset = contract({
  ...file,
  path: '/ops/api/evals/datasets/{name}/export',
  guard: ops('eval:view'),
})

const archive = {
  method: 'POST',
  summary: 'Take a dataset out of the list, or bring it back; nothing of it is deleted',
  tag,
  params: z.object({ name: DatasetName }),
  body: z.object({ ...Asked, archived: z.boolean().default(true) }),
  reply: z.object({ status: z.literal('ok'), dataset: Dataset }),
} as const
export const archiveDataset = contract({
  ...archive,
  path: '/evals/datasets/{name}/archive',
  guard: service('write'),
})
export const opsArchiveDataset = contract({
  ...archive,
  path: '/ops/api/evals/datasets/{name}/archive',
  guard: ops('eval:run'),
})

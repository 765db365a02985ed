import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

// A role names a file below souls/, never a path.
export const RoleName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'must be 1 to 64 letters, digits, _ or -, beginning with a letter or digit',
  )

export const EnvironmentName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'must be 1 to 64 letters, digits, _ or -, beginning with a letter or digit',
  )

const Where = z.object({ tenant_id: TenantId.optional(), workspace_id: WorkspaceId.optional() })
const count = () => z.number().int().min(0)

export const ContextFile = z.object({
  name: z.string(),
  exists: z.boolean(),
  raw_chars: count(),
  injected_chars: count(),
  truncated: z.boolean(),
  estimated_tokens: count(),
})

export const ContextView = z.object({
  workspace_path: z.string().nullable().meta({ description: 'As configured; null where the workspace has no folder' }),
  workspace_id: z.string(),
  workspace_hash: z.string(),
  environment: z.string(),
  is_pinned: z
    .boolean()
    .meta({ description: 'Whether a pin of the environment chose it; else the files as they are now' }),
  skill_versions: z.record(z.string(), z.string()).meta({ description: 'Of the registry' }),
  max_chars_per_file: count(),
  max_total_chars: count(),
  files: z.array(ContextFile).meta({ description: 'In the order of the prompt' }),
  total_bootstrap_chars: count(),
  system_prompt_chars: count(),
  estimated_system_prompt_tokens: count(),
  skills_form: z.enum(['none', 'block', 'catalog']),
  active_hours: z.object({ start: z.string(), end: z.string(), timezone: z.string().optional() }).nullable(),
  warnings: z.array(z.string()),
})
export type ContextView = z.infer<typeof ContextView>

export const showContext = contract({
  method: 'GET',
  path: '/context',
  summary: 'What of a workspace reaches the prompt: files and sizes, no contents',
  guard: service('read'),
  tag: 'workspace',
  query: Where.extend({ role: RoleName.optional(), environment: EnvironmentName.optional() }),
  reply: ContextView,
  camel: true,
})
export const opsShowContext = contract({ ...showContext, path: '/ops/api/context', guard: ops('workspace:view') })

export const IndexStats = z.object({
  indexed_chunks: count(),
  indexed_skills: count(),
  indexed_memory_chunks: count(),
  last_indexed_at: Timestamp.nullable(),
  embedding_provider: z.string(),
})
export type IndexStats = z.infer<typeof IndexStats>

export const contextStats = contract({
  method: 'GET',
  path: '/context/stats',
  summary: 'The index of smart context as it is',
  guard: service('read'),
  tag: 'workspace',
  query: Where,
  reply: IndexStats,
  camel: true,
})

export const reindexWorkspace = contract({
  method: 'POST',
  path: '/workspace/reindex',
  summary: 'Read a workspace anew and rebuild its index',
  guard: service('write'),
  tag: 'workspace',
  query: Where,
  body: Where,
  reply: IndexStats,
  camel: true,
})

export const BootView = z.object({
  has_boot: z.boolean(),
  is_complete: z.boolean(),
  content: z.string().nullable().meta({ description: 'null when complete, and for whoever may not see raw contents' }),
})
export type BootView = z.infer<typeof BootView>

export const showBoot = contract({
  method: 'GET',
  path: '/boot',
  summary: 'First-run instructions of a workspace, until they are complete',
  guard: service('read'),
  tag: 'workspace',
  query: Where,
  reply: BootView,
  camel: true,
})
export const opsShowBoot = contract({ ...showBoot, path: '/ops/api/boot', guard: ops('workspace:view') })

export const completeBoot = contract({
  method: 'POST',
  path: '/boot/complete',
  summary: 'Say that the first run is done',
  guard: service('write'),
  tag: 'workspace',
  query: Where,
  body: Where,
  reply: z.object({ status: z.literal('ok') }),
})

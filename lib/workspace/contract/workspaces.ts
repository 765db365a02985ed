import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { RoleName } from '../contract'
import { FilePath, Version, VersionName } from './version'
import { NewFile } from './versions'

const count = () => z.number().int().min(0)
const tenant = { tenant_id: TenantId.optional() }
const tag = 'workspace'

export const WorkspaceSummary = z.object({
  workspace_id: z.string(),
  name: z.string(),
  has_folder: z.boolean().meta({ description: 'Runs that nothing is pinned for get the files of this folder' }),
  versions: count(),
  latest: Version.nullable(),
  environments: z.array(
    z.object({
      environment: z.string(),
      version_hash: z.string().nullable(),
      canary_hash: z.string().nullable(),
      locked: z.boolean(),
      is_default: z.boolean(),
    }),
  ),
})
export type WorkspaceSummary = z.output<typeof WorkspaceSummary>

export const opsListWorkspaces = contract({
  method: 'GET',
  path: '/ops/api/workspaces',
  summary: 'Workspaces with their last version and what their environments run',
  guard: ops('workspace:view'),
  tag,
  query: z.object({
    ...tenant,
    q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of an id or a name' }),
    limit: limitOf(200, 50),
    offset: Offset,
  }),
  reply: z.object({
    workspaces: z.array(WorkspaceSummary),
    total: count(),
    has_more: z.boolean(),
    limit: count(),
    offset: count(),
  }),
})

const PromptPart = z.object({
  path: z.string(),
  state: z.enum(['absent', 'unused', 'whole', 'cut', 'omitted']),
  raw_chars: count(),
  injected_chars: count(),
  starts_at: count()
    .nullable()
    .meta({ description: 'Where its text begins in the prompt; null where it is not in it' }),
})

export const RenderedPrompt = z.object({
  workspace_id: z.string(),
  version_hash: z.string(),
  is_draft: z.boolean().meta({ description: 'With changes that are not saved' }),
  role: z.string(),
  roles: z.array(z.string()).meta({ description: 'The common one, then each that has a file of its own' }),
  text: z.string(),
  estimated_tokens: count(),
  parts: z.array(PromptPart),
  skills_form: z.enum(['none', 'block', 'catalog']),
  warnings: z.array(z.string()),
})
export type RenderedPrompt = z.output<typeof RenderedPrompt>

export const opsRenderPrompt = contract({
  method: 'POST',
  path: '/ops/api/workspaces/{workspaceId}/versions/{hash}/prompt',
  summary: 'The prompt that a role would get of a version, with changes that are not saved yet where some are given',
  guard: ops('workspace:view'),
  tag,
  params: z.object({ workspaceId: WorkspaceId, hash: VersionName }),
  body: z.object({
    ...tenant,
    role: RoleName.default('agent'),
    changed: z.record(z.string(), NewFile).optional(),
    deleted: z.array(FilePath).max(10_000).optional(),
  }),
  maxBodyBytes: 8 * 1_048_576,
  reply: z.object({ prompt: RenderedPrompt }),
})

export const opsSaveCurrent = contract({
  method: 'POST',
  path: '/ops/api/workspaces/{workspaceId}/versions/current',
  summary: 'Save the files of the folder as they are now as a version',
  guard: ops('workspace:edit'),
  tag,
  params: z.object({ workspaceId: WorkspaceId }),
  body: z.object({ ...tenant, message: z.string().trim().max(2_000).optional() }),
  reply: z.object({ status: z.literal('ok'), is_new: z.boolean(), version: Version }),
  status: 201,
})

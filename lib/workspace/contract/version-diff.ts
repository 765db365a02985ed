import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { PermissionChange } from './impact'
import { VersionName } from './version'

const count = () => z.number().int().min(0)

export const Hunk = z.object({
  old_start: count(),
  old_lines: count(),
  new_start: count(),
  new_lines: count(),
  lines: z.array(z.string()).meta({ description: 'Each begins with a space, + or -' }),
})
export type Hunk = z.infer<typeof Hunk>

const TextChange = z.object({
  lines_added: count(),
  lines_removed: count(),
  hunks: z.array(Hunk).nullable().meta({ description: 'null where there is no text, or more of it than is compared' }),
})

export const FileChange = TextChange.extend({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'mode']),
  old_size: count().nullable(),
  new_size: count().nullable(),
  is_binary: z.boolean(),
})
export type FileChange = z.infer<typeof FileChange>

export const PromptChange = TextChange.extend({ role: z.string(), old_size: count(), new_size: count() })
export type PromptChange = z.infer<typeof PromptChange>

const change = z.enum(['added', 'modified', 'deleted'])

export const VersionDiff = z.object({
  workspace_id: z.string(),
  from: z.object({ version_hash: z.string(), is_current: z.boolean() }),
  to: z.object({ version_hash: z.string(), is_current: z.boolean() }),
  is_same: z.boolean(),
  summary: z.object({ files_changed: count(), lines_added: count(), lines_removed: count() }),
  files: z.array(FileChange),
  prompts: z.array(PromptChange).meta({ description: 'The whole prompt of each role that changes' }),
  tools: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  permissions: z.array(PermissionChange),
  policies: z.array(z.object({ policy_id: z.string(), change })),
  skills: z.array(z.object({ name: z.string(), location: z.string(), change })),
  notes: z.array(z.string()).meta({ description: 'What of it is not shown' }),
})
export type VersionDiff = z.infer<typeof VersionDiff>

// Besides a version, the files as they are now can stand on either side.
const Side = z.union([VersionName, z.literal('current')])

const comparing = {
  method: 'GET',
  tag: 'workspace',
  summary: 'Compare two versions: files by line, the prompt of each role, tools, permissions, policies, skills',
  params: z.object({ workspaceId: WorkspaceId }),
  query: z.object({ tenant_id: TenantId.optional(), from: Side.default('latest'), to: Side.default('current') }),
  reply: z.object({ diff: VersionDiff }),
} as const

export const diffVersions = contract({
  ...comparing,
  path: '/workspace/{workspaceId}/diff',
  guard: service('read'),
})
export const opsDiffVersions = contract({
  ...comparing,
  path: '/ops/api/workspaces/{workspaceId}/diff',
  guard: ops('workspace:view'),
})

import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { VersionDigits } from './version'

const count = () => z.number().int()

export const AffectedSkill = z.object({
  name: z.string(),
  version: z.string().nullable().meta({ description: 'Of skills from the registry alone' }),
  state: z.string().nullable(),
  change_type: z.enum(['added', 'modified', 'deleted', 'dependency_changed']),
  affected_files: z.array(z.string()),
})

export const PermissionChange = z.object({
  skill_name: z.string(),
  tool_name: z.string(),
  change_type: z.enum(['added', 'removed']),
})

export const Impact = z.object({
  summary: z.object({
    total_files_changed: count(),
    skills_affected: count(),
    permissions_changed: count(),
    estimated_cost_impact: z.enum(['increase', 'decrease', 'unchanged', 'unknown']),
  }),
  file_changes: z.object({
    added: z.array(z.string()),
    modified: z.array(z.string()),
    deleted: z.array(z.string()),
  }),
  affected_skills: z.array(AffectedSkill),
  permission_changes: z.array(PermissionChange),
  prompt_impact: z.object({
    current_size: count().meta({ description: 'Characters of the prompt before' }),
    new_size: count(),
    delta: count(),
    percent_change: z.number().nullable().meta({ description: 'null where there was no prompt before' }),
  }),
  risk: z.object({ level: z.enum(['low', 'medium', 'high']), factors: z.array(z.string()) }),
  recommendations: z.array(z.string()),
})
export type Impact = z.infer<typeof Impact>

const asking = {
  method: 'POST',
  tag: 'workspace',
  also: { old_version_hash: ['old_hash'], new_version_hash: ['new_hash'] },
  body: z.object({
    tenant_id: TenantId.optional(),
    workspace_id: WorkspaceId.default('default'),
    old_version_hash: VersionDigits,
    new_version_hash: VersionDigits.optional().meta({ description: 'The files as they are now unless given' }),
    workspace_path: z.string().optional().meta({ description: 'Ignored: no folder is read but that of the workspace' }),
  }),
  reply: z.object({ status: z.literal('ok'), analysis: Impact }),
  camel: true,
} as const

export const workspaceImpact = contract({
  ...asking,
  path: '/workspace/impact',
  summary: 'What another version would change: files, skills, permissions, size of the prompt',
  guard: service('read'),
})
export const opsWorkspaceImpact = contract({
  ...asking,
  path: '/ops/api/workspace/impact',
  summary: 'What another version would change: files, skills, permissions, size of the prompt',
  guard: ops('workspace:view'),
})

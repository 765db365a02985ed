import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'

export const SkillView = z.object({
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  gate_reason: z.string().optional(),
  location: z.string().meta({ description: 'Relative to the workspace' }),
  source: z.enum(['workspace', 'agents', 'registry']),
  version: z.string().optional().meta({ description: 'Of a skill from the registry' }),
  state: z.string().optional().meta({ description: 'Of a skill from the registry' }),
  in_inventory: z.boolean().meta({ description: 'The file could be read and its name is its own' }),
  ready: z.boolean().meta({ description: 'This host has what the skill requires' }),
  visible: z.boolean().meta({ description: 'The model gets to see it' }),
  emoji: z.string().optional(),
  allowed_tools: z.array(z.string()),
  http_tools: z.array(z.string()).meta({ description: 'Names of the tools that the skill declares' }),
  metadata: z.unknown().optional().meta({ description: 'As written in the file' }),
  warnings: z.array(z.string()),
})
export type SkillView = z.infer<typeof SkillView>

export const SkillList = z.object({
  enabled: z.number().int(),
  total: z.number().int(),
  skills: z.array(SkillView),
})
export type SkillList = z.infer<typeof SkillList>

export const listSkills = contract({
  method: 'GET',
  path: '/skills',
  summary: 'The skills of a workspace: what is there, what this host can run, what the model sees',
  guard: service('read'),
  tag: 'skills',
  query: z.object({
    tenant_id: TenantId.optional(),
    workspace_id: WorkspaceId.optional(),
    environment: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
      .optional()
      .meta({ description: 'The default one of the workspace unless given' }),
  }),
  reply: SkillList,
  camel: true,
})
export const opsListSkills = contract({ ...listSkills, path: '/ops/api/skills', guard: ops('skill:view') })

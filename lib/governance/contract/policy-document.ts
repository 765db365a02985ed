import { z } from 'zod'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { ROLES } from '@/lib/shared/rbac'
import { Conditions } from './policy-conditions'

export const EFFECTS = ['allow', 'deny', 'require_approval'] as const
export const SUBJECTS = ['adapter', 'tool', 'skill', 'environment', 'risk', 'cost', 'agent'] as const

export const PolicyId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, 'must be 1 to 100 letters, digits or ._:-')

export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits or ._-')

const Subject = z
  .strictObject({
    type: z.enum(SUBJECTS),
    name: z.string().min(1).max(200).optional().meta({ description: 'Of a tool also ns:* for all of a name space' }),
  })
  .refine(({ type, name }) => type !== 'cost' || name === undefined, 'a cost has no name; use min_cost or max_cost')

const Effect = z
  .strictObject({
    decision: z.enum(EFFECTS),
    required_role: z
      .enum(ROLES)
      .optional()
      .meta({ description: 'Who may approve; release_manager where nothing is said' }),
  })
  .refine(
    ({ decision, required_role }) => required_role === undefined || decision === 'require_approval',
    'required_role goes with require_approval',
  )

const Scoped = z.strictObject({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: EnvironmentName.optional(),
})

// Names of routes that stand where an id would.
const RESERVED = ['dry-run', 'simulate', 'from-trace', 'evaluate']

export const PolicyFields = {
  scope: Scoped.optional(),
  subject: Subject,
  conditions: Conditions.optional(),
  effect: Effect,
  explanation: z.string().trim().min(1).max(500).optional().meta({ description: 'What a refused person reads' }),
  precedence: z.number().int().min(-1000).max(1000).optional(),
  enabled: z.boolean().optional(),
}

// A policy as people write it, in a body or in a file.
export const PolicyDocument = z.strictObject({
  policy_id: PolicyId.refine((id) => !RESERVED.includes(id), 'is reserved'),
  ...PolicyFields,
})
export type PolicyDocument = z.output<typeof PolicyDocument>

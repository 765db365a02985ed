import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { ROLES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'
import { EFFECTS, EnvironmentName, PolicyDocument, PolicyFields, PolicyId, SUBJECTS } from './policy-document'

export const PolicyView = z.object({
  policy_id: z.string(),
  scope: z.object({
    tenant_id: z.string(),
    workspace_id: z.string().nullable(),
    environment: z.string().nullable(),
  }),
  subject: z.object({ type: z.enum(SUBJECTS), name: z.string().nullable() }),
  conditions: z.record(z.string(), z.unknown()),
  effect: z.object({ decision: z.enum(EFFECTS), required_role: z.enum(ROLES).nullable() }),
  explanation: z.string().nullable(),
  precedence: z.number().int(),
  enabled: z.boolean(),
  is_fallback: z.boolean().meta({ description: 'What holds for external agents where nothing else speaks' }),
  source: z
    .enum(['console', 'api', 'trace', 'workspace', 'server'])
    .meta({ description: 'workspace and server are files' }),
  revision: z.number().int().nullable(),
  created_by: z.string().nullable(),
  created_at: Timestamp.nullable(),
  updated_by: z.string().nullable(),
  updated_at: Timestamp.nullable(),
})
export type PolicyView = z.output<typeof PolicyView>

const Asked = { tenant_id: TenantId.optional() }

export const PolicyFilter = z.object({
  ...Asked,
  workspace_id: WorkspaceId.optional().meta({ description: 'Also shows the policies in the files of this workspace' }),
  environment: EnvironmentName.optional(),
  enabled: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
})
export type PolicyFilter = z.output<typeof PolicyFilter>

export const PolicyList = z.object({
  policies: z.array(PolicyView),
  mode: z.enum(['permissive', 'guarded', 'strict']),
  policy_bundle_hash: z
    .string()
    .nullable()
    .meta({ description: 'Of all rules that hold; null while one cannot be read' }),
  faults: z.array(z.string()).meta({ description: 'Why nothing is permitted at the moment' }),
})
export type PolicyList = z.output<typeof PolicyList>

export const PolicyBody = PolicyDocument.safeExtend(Asked)
export const PolicyChange = z.strictObject({
  ...Asked,
  revision: z.number().int().min(1).meta({ description: 'That the change was made from; another one is 409' }),
  scope: PolicyFields.scope,
  subject: PolicyFields.subject.optional(),
  conditions: PolicyFields.conditions,
  effect: PolicyFields.effect.optional(),
  explanation: PolicyFields.explanation.nullable(),
  precedence: PolicyFields.precedence,
  enabled: PolicyFields.enabled,
})
export type PolicyChange = z.output<typeof PolicyChange>

export const DraftFromDecision = z.strictObject({
  ...Asked,
  decision_id: Uuid,
  effect: PolicyFields.effect,
  policy_id: PolicyId.optional(),
  explanation: PolicyFields.explanation,
  precedence: PolicyFields.precedence,
  include: z
    .array(z.string().min(1).max(200))
    .max(16)
    .default(['agent_role'])
    .meta({ description: 'Fields of the question that the rule asks for; what was sent needs trace:reveal' }),
})
export type DraftFromDecision = z.output<typeof DraftFromDecision>

const shape = { tag: 'policies', verbatim: ['conditions'], camel: true } as const
const One = z.object({ policy: PolicyView })
const byId = { params: z.object({ policy_id: PolicyId }) } as const
const listing = { ...shape, method: 'GET', query: PolicyFilter, reply: PolicyList } as const
const reading = { ...shape, ...byId, method: 'GET', query: z.object(Asked), reply: One } as const
const making = { ...shape, method: 'POST', body: PolicyBody, reply: One, status: 201 } as const
const changing = { ...shape, ...byId, method: 'PATCH', body: PolicyChange, reply: One } as const
const removing = {
  ...shape,
  ...byId,
  method: 'DELETE',
  query: z.object(Asked),
  reply: z.object({ status: z.literal('ok'), policy_id: z.string() }),
} as const
const drafting = { ...shape, method: 'POST', body: DraftFromDecision, reply: One, status: 201 } as const

const texts = {
  list: 'The policies of the tenant, strongest first; with a workspace also those in its files',
  get: 'One policy',
  create: 'Make a policy; it holds for the next decision',
  update: 'Change a policy, if nobody else did meanwhile',
  remove: 'Remove a policy',
  draft: 'Make a policy from a stored decision, disabled until somebody enables it',
}

export const listPolicies = contract({ ...listing, path: '/api/policies', summary: texts.list, guard: service('read') })
export const opsListPolicies = contract({
  ...listing,
  path: '/ops/api/policies',
  summary: texts.list,
  guard: ops('policy:view'),
})
export const getPolicy = contract({
  ...reading,
  path: '/api/policies/{policy_id}',
  summary: texts.get,
  guard: service('read'),
})
export const opsGetPolicy = contract({
  ...reading,
  path: '/ops/api/policies/{policy_id}',
  summary: texts.get,
  guard: ops('policy:view'),
})
export const createPolicy = contract({
  ...making,
  path: '/api/policies',
  summary: texts.create,
  guard: service('write'),
})
export const opsCreatePolicy = contract({
  ...making,
  path: '/ops/api/policies',
  summary: texts.create,
  guard: ops('policy:manage'),
})
export const updatePolicy = contract({
  ...changing,
  path: '/api/policies/{policy_id}',
  summary: texts.update,
  guard: service('write'),
})
export const opsUpdatePolicy = contract({
  ...changing,
  path: '/ops/api/policies/{policy_id}',
  summary: texts.update,
  guard: ops('policy:manage'),
})
export const removePolicy = contract({
  ...removing,
  path: '/api/policies/{policy_id}',
  summary: texts.remove,
  guard: service('write'),
})
export const opsRemovePolicy = contract({
  ...removing,
  path: '/ops/api/policies/{policy_id}',
  summary: texts.remove,
  guard: ops('policy:manage'),
})
export const draftPolicy = contract({
  ...drafting,
  path: '/api/policies/from-trace',
  summary: texts.draft,
  guard: service('write'),
})
export const opsDraftPolicy = contract({
  ...drafting,
  path: '/ops/api/policies/from-trace',
  summary: texts.draft,
  guard: ops('policy:manage'),
})

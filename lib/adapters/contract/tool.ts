import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { AdapterId, Capability, RISK_CLASSES, ToolName } from './adapter'
import { CostUsd, EnvironmentName, ExecutionId, TraceEntry } from './execution'

const Facts = z.record(z.string(), z.unknown())

export const ToolScope = z.object({
  capabilities: z.array(z.string()),
  max_steps: z.number().int(),
  max_cost: z.number().nullable(),
})
export type ToolScope = z.output<typeof ToolScope>

export const AuthorizeBody = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  execution_id: ExecutionId,
  adapter_id: AdapterId,
  tool: ToolName,
  requested_scope: z
    .object({
      capabilities: z.array(Capability).max(200).optional(),
      max_steps: z.number().int().min(1).max(1_000_000).optional(),
      max_cost: CostUsd.optional(),
    })
    .optional()
    .meta({ description: 'Granted only inside the scope of the execution; without it, all of that' }),
  arguments: Facts.optional().meta({
    description: 'What the tool will be called with: policies see it, the token binds it',
  }),
  environment: EnvironmentName.optional(),
  skill_state: z.enum(['draft', 'tested', 'approved', 'active', 'deprecated']).optional(),
  adapter_risk_class: z.enum(RISK_CLASSES).optional(),
})
export type AuthorizeBody = z.output<typeof AuthorizeBody>

const Said = z.object({
  decision: z.enum(['allow', 'deny', 'require_approval']),
  matched_policies: z.array(z.string()),
  decision_trace: z.array(TraceEntry),
  explanation: z.string(),
})

export const DENIALS = [
  'approval_required',
  'policy_denied',
  'approval_denied',
  'execution_not_allowed',
  'execution_expired',
  'scope_exhausted',
  'scope_not_allowed',
  'tool_not_registered',
] as const
export type Denial = (typeof DENIALS)[number]

export const AuthorizeReply = z.object({
  decision: z.enum(['allow', 'deny']),
  tool_token: z.string().optional(),
  expires_at: Timestamp.optional(),
  granted_scope: ToolScope.optional(),
  reason: z.enum(DENIALS).optional(),
  policy_id: z.string().nullable().optional(),
  decision_id: Uuid.optional().meta({ description: 'What to wait for where an approval is required' }),
  authorization_id: Uuid.optional(),
  policy: Said.optional(),
})
export type AuthorizeReply = z.output<typeof AuthorizeReply>

const tag = 'external agents'

export const authorizeTool = contract({
  method: 'POST',
  path: '/api/governance/tool/authorize',
  summary: 'A token of thirty seconds for one call of one tool',
  guard: adapter,
  tag,
  body: AuthorizeBody,
  reply: AuthorizeReply,
})

export const ConsumeToolBody = z.object({
  tenant_id: TenantId.optional(),
  tool_token: z.string().min(1).max(20_000),
  tool: ToolName.meta({ description: 'The tool that is about to run' }),
  arguments: Facts.optional().meta({ description: 'What it is called with, where the authorization named arguments' }),
})
export type ConsumeToolBody = z.output<typeof ConsumeToolBody>

const consuming = {
  method: 'POST',
  tag,
  body: ConsumeToolBody,
  reply: z.object({
    status: z.literal('ok'),
    authorization_id: Uuid,
    execution_id: z.string(),
    adapter_id: z.string(),
    tool: z.string(),
    scope: ToolScope,
  }),
} as const
export const consumeTool = contract({
  ...consuming,
  path: '/api/governance/tool/consume',
  summary: 'Verifies a tool token and uses it up; the second time it is 409',
  guard: adapter,
})
export const consumeToolForService = contract({
  ...consuming,
  path: '/tool-authorizations/consume',
  summary: 'The same for the server behind a tool, which holds a service key',
  guard: service('run'),
})

export const ToolAuthorizationView = z.object({
  authorization_id: Uuid,
  execution_id: z.string(),
  adapter_id: z.string(),
  workspace_id: z.string(),
  tool: z.string(),
  decision: z.enum(['allow', 'deny']),
  reason: z.string().nullable(),
  decision_id: Uuid,
  granted_scope: ToolScope.nullable(),
  created_at: Timestamp,
  expires_at: Timestamp.nullable(),
  used_at: Timestamp.nullable(),
})
export type ToolAuthorizationView = z.output<typeof ToolAuthorizationView>

export const ToolAuthorizationFilter = z.object({
  tenant_id: TenantId.optional(),
  adapter_id: AdapterId.optional(),
  execution_id: ExecutionId.optional(),
  tool: ToolName.optional(),
  decision: z.enum(['allow', 'deny']).optional(),
  limit: limitOf(500, 100),
  offset: Offset,
})
export type ToolAuthorizationFilter = z.output<typeof ToolAuthorizationFilter>

const listing = {
  method: 'GET',
  summary: 'Tools that external agents asked for, newest first',
  tag,
  query: ToolAuthorizationFilter,
  reply: z.object({
    authorizations: z.array(ToolAuthorizationView),
    total: z.number().int(),
    limit: z.number().int(),
    offset: z.number().int(),
  }),
} as const
export const listToolAuthorizations = contract({ ...listing, path: '/tool-authorizations', guard: service('read') })
export const opsListToolAuthorizations = contract({
  ...listing,
  path: '/ops/api/tool-authorizations',
  guard: ops('audit:view'),
})

const reading = {
  method: 'GET',
  summary: 'One authorization of a tool',
  tag,
  params: z.object({ id: Uuid }),
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({ authorization: ToolAuthorizationView }),
} as const
export const getToolAuthorization = contract({
  ...reading,
  path: '/tool-authorizations/{id}',
  guard: service('read'),
})
export const opsGetToolAuthorization = contract({
  ...reading,
  path: '/ops/api/tool-authorizations/{id}',
  guard: ops('audit:view'),
})

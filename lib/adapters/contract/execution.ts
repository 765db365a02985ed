import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { AdapterId, Capability, RISK_CLASSES, ToolName } from './adapter'

export const ExecutionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'must be 1 to 128 letters, digits or ._:-')

const name = z.string().min(1).max(200)
export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits or ._-')
export const CostUsd = z.number().min(0).max(1_000_000)

export const Surroundings = z.looseObject({
  external_network: z.boolean().optional(),
  writes_files: z.boolean().optional(),
  elevated_privileges: z.boolean().optional(),
  package_manager: z
    .union([z.string().max(100), z.boolean()])
    .nullable()
    .optional(),
  targets: z.unknown().optional(),
})

export const ExecutionBody = z.object({
  tenant_id: TenantId.optional().meta({ description: 'That of the token, which it must equal' }),
  workspace_id: WorkspaceId.optional().meta({ description: 'That of the token, which it must equal' }),
  adapter_id: AdapterId,
  requested_capabilities: z.array(Capability).max(200),
  tool_count: z.number().int().min(0).max(10_000),
  execution_id: ExecutionId.optional(),
  environment: EnvironmentName.optional(),
  adapter_risk_class: z.enum(RISK_CLASSES).optional().meta({ description: 'May raise the class of the registry' }),
  max_steps: z.number().int().min(1).max(1_000_000).optional(),
  max_cost: CostUsd.optional(),
  estimated_cost: CostUsd.optional(),
  tool_names: z.array(ToolName).max(1_000).optional(),
  skill_state: z.enum(['draft', 'tested', 'approved', 'active', 'deprecated']).optional(),
  temperature: z.number().min(0).max(2).optional(),
  data_sensitivity: z.enum(['none', 'low', 'medium', 'high', 'pii']).optional(),
  skill_tested: z.boolean().optional().meta({ description: 'Ignored: only what is known here lowers a risk' }),
  skill_pinned: z.boolean().optional().meta({ description: 'Ignored: only what is known here lowers a risk' }),
  custom_flags: z.array(name).max(100).optional(),
  rbac_allowed: z.boolean().optional().meta({ description: 'false refuses; true grants nothing' }),
  callback_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  intent: z.string().min(1).max(1_000).optional(),
  context: Surroundings.optional(),
  provenance: z
    .looseObject({
      source: z.enum(['marketplace', 'internal', 'git', 'unknown']).optional(),
      publisher: z.string().max(500).optional(),
      artifact_hash: z.string().max(200).optional(),
    })
    .optional(),
  override: z.unknown().optional().meta({ description: 'Ignored: only a signed-in person overrides' }),
})
export type ExecutionBody = z.output<typeof ExecutionBody>

export const GrantedScope = z.object({
  capabilities: z.array(z.string()),
  max_steps: z.number().int(),
  max_cost: z.number().nullable().meta({ description: 'In USD; null where no budget and no wish bounds it' }),
  expires_at: Timestamp,
})
export type GrantedScope = z.output<typeof GrantedScope>

export const TraceEntry = z.object({
  policy_id: z.string(),
  result: z.enum(['matched', 'skipped']),
  decision: z.enum(['allow', 'deny', 'require_approval']).optional(),
  explanation: z.string().optional(),
})

export const ApprovalType = z.enum(['none', 'policy', 'risk', 'simulation'])

export const ExecutionReply = z.object({
  allowed: z.boolean(),
  execution_id: z.string(),
  granted_scope: GrantedScope.optional(),
  blocked_reason: z.string().optional(),
  requires_approval: z.boolean().optional(),
  decision: z.enum(['allow', 'deny', 'require_approval', 'pending']),
  decision_id: Uuid,
  expires_at: Timestamp.optional(),
  required_role: z.string().optional(),
  matched_policies: z.array(z.string()),
  decision_trace: z.array(TraceEntry),
  explanation: z.string(),
  approval_mode: z.enum(['enforce', 'simulate']),
  approval_source: z.enum(['policy', 'risk', 'person', 'simulation']).optional(),
  approval_type: ApprovalType.meta({ description: 'What asked for an approval' }),
  auto_allowed_in_core: z.boolean().optional(),
  policy_fallback_hit: z.boolean().optional(),
  risk_score: z.number().int(),
  risk_level: z.enum(RISK_CLASSES),
  policy_bundle_hash: z.string(),
  trace_id: Uuid.optional().meta({ description: 'The trace that a blocked execution leaves' }),
})
export type ExecutionReply = z.output<typeof ExecutionReply>

const tag = 'external agents'

export const requestExecution = contract({
  method: 'POST',
  path: '/api/execution/request',
  summary: 'May I? Within which bounds? The same execution_id gets the same answer, also after a person decided',
  guard: adapter,
  tag,
  body: ExecutionBody,
  reply: ExecutionReply,
})

export const getExecution = contract({
  method: 'GET',
  path: '/api/execution/{id}',
  summary: 'How an execution of the calling agent stands',
  guard: adapter,
  tag,
  params: z.object({ id: ExecutionId }),
  reply: z.object({
    execution_id: z.string(),
    effect: z.enum(['allow', 'deny', 'pending']),
    decision_id: Uuid,
    approval_type: ApprovalType,
    expires_at: Timestamp.nullable(),
    granted_scope: GrantedScope.nullable(),
  }),
})

export const ExecutionView = z.object({
  execution_id: z.string(),
  adapter_id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  effect: z.string(),
  decision_id: Uuid,
  granted_scope: GrantedScope.nullable(),
  used_scope: z.object({ step_count: z.number().int(), actual_cost: z.number() }),
  risk_score: z.number().int(),
  risk_level: z.string(),
  trace_id: Uuid.nullable(),
  created_at: Timestamp,
  expires_at: Timestamp,
})
export type ExecutionView = z.output<typeof ExecutionView>

export const ExecutionFilter = z.object({
  tenant_id: TenantId.optional(),
  adapter_id: AdapterId.optional(),
  workspace_id: WorkspaceId.optional(),
  effect: z.enum(['allow', 'deny', 'pending']).optional(),
  limit: limitOf(500, 100),
  offset: Offset,
})
export type ExecutionFilter = z.output<typeof ExecutionFilter>

const listing = {
  method: 'GET',
  summary: 'What external agents asked to do, newest first',
  tag,
  query: ExecutionFilter,
  reply: z.object({
    executions: z.array(ExecutionView),
    total: z.number().int(),
    limit: z.number().int(),
    offset: z.number().int(),
  }),
} as const
export const listExecutions = contract({ ...listing, path: '/executions', guard: service('read') })
export const opsListExecutions = contract({ ...listing, path: '/ops/api/executions', guard: ops('audit:view') })

// What this platform saw itself stands apart from what the agent says of itself.
export const Evidence = z.object({
  execution: ExecutionView,
  seen_here: z.array(
    z.object({ kind: z.string(), id: z.string(), at: Timestamp, summary: z.string(), tool: z.string().nullable() }),
  ),
  reported: z.array(
    z.object({
      kind: z.string(),
      evidence: z.enum(['signed', 'self_attested']),
      trace_id: z.string().nullable(),
      occurred_at: Timestamp,
      received_at: Timestamp,
      payload_hash: z.string(),
      data: z.unknown().meta({ description: 'null where it is withheld' }),
    }),
  ),
  withheld: z.boolean(),
})
export type Evidence = z.output<typeof Evidence>

const evidence = {
  method: 'GET',
  summary: 'One execution: what was seen here, and what the agent reported',
  tag,
  query: z.object({ tenant_id: TenantId.optional(), execution_id: ExecutionId }),
  reply: Evidence,
} as const
export const executionEvidence = contract({ ...evidence, path: '/executions/evidence', guard: service('read') })
export const opsExecutionEvidence = contract({
  ...evidence,
  path: '/ops/api/executions/evidence',
  guard: ops('audit:view'),
})

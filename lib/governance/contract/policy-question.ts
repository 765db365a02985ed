import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf } from '@/lib/shared/page'
import { ROLES } from '@/lib/shared/rbac'
import { Timestamp } from '@/lib/shared/time'
import { EFFECTS, EnvironmentName, PolicyDocument } from './policy-document'

const name = z.string().min(1).max(200)
const names = z.union([name, z.array(name).min(1).max(64)])
const Facts = z.record(z.string(), z.unknown())
const RISKS = ['low', 'medium', 'high', 'critical'] as const

const question = {
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: EnvironmentName.optional(),
  tool: name.optional(),
  tool_group: name.optional(),
  agent_role: name.optional(),
  agent_id: name.optional(),
  user_id: z.string().min(1).max(256).optional(),
  model: name.optional(),
  action: name.optional(),
  resource: z.string().min(1).max(1000).optional(),
  capability: names.optional(),
  intent: z.string().min(1).max(1000).optional(),
  skill: names.optional(),
  skill_state: name.optional(),
  risk_level: z.enum(RISKS).optional(),
  adapter_risk_class: z.enum(RISKS).optional(),
  estimated_cost: z.number().min(0).max(1_000_000).optional().meta({ description: 'In US dollars' }),
  arguments: Facts.optional(),
  context: Facts.optional(),
  provenance: Facts.optional(),
}

export const EvaluateBody = z.object(question)
export type EvaluateBody = z.output<typeof EvaluateBody>

const Drafts = z.array(PolicyDocument).max(50)

export const DryRunBody = z.object({
  ...question,
  adapter_id: name.optional().meta({ description: 'As if this external agent asked; without one as if a run did' }),
  drafts: Drafts.optional().meta({ description: 'Policies that are not saved, in place of saved ones of the same id' }),
})
export type DryRunBody = z.output<typeof DryRunBody>

const TraceEntry = z.object({
  policy_id: z.string(),
  result: z.enum(['matched', 'skipped']),
  decision: z.enum(EFFECTS).optional(),
  explanation: z.string().optional(),
})

export const PolicyAnswer = z.object({
  decision: z.enum(EFFECTS),
  matched_policies: z.array(z.string()),
  decision_trace: z.array(TraceEntry),
  explanation: z.string(),
  policy_id: z.string().nullable().meta({ description: 'The policy that decides' }),
  policy_bundle_hash: z.string(),
  policy_fallback_hit: z.boolean(),
  required_role: z.enum(ROLES).nullable(),
  mode: z.enum(['permissive', 'guarded', 'strict']),
})
export type PolicyAnswer = z.output<typeof PolicyAnswer>

const shape = { tag: 'policies', method: 'POST' } as const
const dry = {
  ...shape,
  body: DryRunBody,
  reply: PolicyAnswer,
  summary: 'What the policies would say; nothing is stored',
} as const

export const dryRunPolicy = contract({ ...dry, path: '/api/policy/dry-run', guard: service('read') })
export const opsDryRunPolicy = contract({ ...dry, path: '/ops/api/policies/dry-run', guard: ops('policy:view') })

export const SimulateBody = z.object({
  tenant_id: TenantId.optional(),
  rules: Drafts.default([]).meta({ description: 'Policies that are new, or take the place of those with their id' }),
  without: z.array(name).max(200).default([]).meta({ description: 'Ids of policies that are taken away' }),
  since: Timestamp.optional(),
  workspace_id: WorkspaceId.optional(),
  limit: limitOf(500, 100),
})
export type SimulateBody = z.output<typeof SimulateBody>

const Said = z.object({ decision: z.enum(EFFECTS), policy_id: z.string().nullable(), explanation: z.string() })

export const SimulateReply = z.object({
  checked: z.number().int(),
  skipped: z.number().int().meta({ description: 'Decisions whose question is not kept as it was asked' }),
  changed: z.number().int(),
  by_change: z.record(z.string(), z.number().int()).meta({ description: 'How many go from what to what' }),
  current_hash: z.string(),
  changed_hash: z.string(),
  differences: z.array(
    z.object({
      decision_id: Uuid,
      created_at: Timestamp,
      origin: z.string(),
      subject: z.string(),
      trace_id: z.string().nullable(),
      tool: z.string().nullable(),
      workspace_id: z.string(),
      environment: z.string(),
      original: z.object({ decision: z.string(), matched_policies: z.array(z.string()) }),
      current: Said,
      changed: Said,
    }),
  ),
})
export type SimulateReply = z.output<typeof SimulateReply>

const simulating = {
  ...shape,
  body: SimulateBody,
  reply: SimulateReply,
  summary: 'Decisions of real runs asked again under changed policies: what would differ',
} as const

export const simulatePolicies = contract({ ...simulating, path: '/api/policy/simulate', guard: service('read') })
export const opsSimulatePolicies = contract({
  ...simulating,
  path: '/ops/api/policies/simulate',
  guard: ops('policy:view'),
})

const Original = z.object({
  decision: z.string(),
  matched_policies: z.array(z.string()),
  risk_score: z.number().nullable(),
  risk_level: z.string().nullable(),
  policy_bundle_hash: z.string(),
})

const Simulated = PolicyAnswer.pick({
  decision: true,
  matched_policies: true,
  decision_trace: true,
  explanation: true,
  policy_bundle_hash: true,
})

export const TraceSimulation = z.object({
  trace_id: Uuid,
  execution_id: z.string().nullable(),
  original: Original,
  simulated: Simulated,
  decisions: z
    .array(
      z.object({
        decision_id: Uuid,
        subject: z.string(),
        tool: z.string().nullable(),
        tool_call_id: z.string().nullable(),
        original: Original,
        simulated: Simulated,
        differs: z.boolean(),
      }),
    )
    .meta({ description: 'All decisions of the run, in order; the first is also told above' }),
})
export type TraceSimulation = z.output<typeof TraceSimulation>

const tracing = {
  ...shape,
  params: z.object({ id: Uuid }),
  body: z.object({
    tenant_id: TenantId.optional(),
    rules: Drafts.default([]),
    without: z.array(name).max(200).default([]),
  }),
  reply: TraceSimulation,
  summary: 'The decisions of one run asked again under the policies of now, or changed ones',
} as const

export const simulateTrace = contract({ ...tracing, path: '/traces/{id}/simulate', guard: service('read') })
export const opsSimulateTrace = contract({
  ...tracing,
  path: '/ops/api/traces/{id}/simulate',
  guard: ops('policy:view'),
})

export const EvaluateReply = PolicyAnswer.extend({
  decision_id: Uuid,
  status: z.enum(['allow', 'deny', 'pending']),
  expires_at: Timestamp.nullable(),
})
export const evaluatePolicy = contract({
  ...shape,
  path: '/api/policy/evaluate',
  summary: 'An external agent asks what the policies say; the answer is stored',
  guard: adapter,
  body: EvaluateBody,
  reply: EvaluateReply,
})

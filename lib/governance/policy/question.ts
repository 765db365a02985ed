import type { MicroUsd } from '@/lib/shared/money'
import type { Role } from '@/lib/shared/rbac'

export const POLICY_EFFECTS = ['allow', 'deny', 'require_approval'] as const
export type PolicyEffect = (typeof POLICY_EFFECTS)[number]

// What is asked about. A rule speaks of one of the last six or of a tool; a run and an execution are asked as wholes.
export type PolicyOccasion =
  | 'run'
  | 'tool'
  | 'execution'
  | 'model'
  | 'adapter'
  | 'skill'
  | 'environment'
  | 'risk'
  | 'cost'
  | 'agent'

type Facts = Readonly<Record<string, unknown>>

export type PolicyQuestion = {
  subject: PolicyOccasion
  workspaceId: string
  environment: string
  // The role of the agent.
  role: string | null
  userId?: string
  tool?: string
  toolGroup?: string
  model?: string
  action?: string
  resource?: string
  agentId?: string
  // Set where an agent that runs elsewhere asks: the mode governs it more strictly.
  adapterId?: string
  adapterRiskClass?: string
  capability?: string | readonly string[]
  intent?: string
  // The skills in play; the least mature of them gives the state.
  skill?: string | readonly string[]
  skillState?: string
  riskLevel?: string
  estimatedCost?: MicroUsd
  arguments?: Facts
  context?: Facts
  provenance?: Facts
}

export type PolicyTraceEntry = {
  policy_id: string
  result: 'matched' | 'skipped'
  decision?: PolicyEffect
  explanation?: string
}

export type PolicyDecision = {
  decision: PolicyEffect
  // Strongest first.
  matchedPolicies: readonly string[]
  // The rule whose effect this is; null where none spoke.
  policyId: string | null
  explanation: string
  trace: readonly PolicyTraceEntry[]
  // Over all rules that were asked.
  policyHash: string
  // Only the fallback policy spoke.
  isFallback: boolean
  // hit: what is allowed here is refused but for this rule; miss: a stronger rule would have allowed it, had it applied.
  exception?: 'hit' | 'miss'
  requiredRole?: Role
}

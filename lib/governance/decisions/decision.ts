import { createHash } from 'node:crypto'
import type { MicroUsd } from '@/lib/shared/money'
import type { Role } from '@/lib/shared/rbac'
import { stableJson } from '@/lib/shared/stable-json'

// What a policy, or the risk, said about one action.
export type Verdict = {
  decision: 'allow' | 'deny' | 'require_approval'
  explanation: string
  matchedPolicies: readonly string[]
  trace?: readonly object[]
  policyHash?: string
  requiredRole?: string
}

export type DecisionOrigin = 'run' | 'execution' | 'tool' | 'evaluate'

// What the asker knows of a decision when it is made. `action` and `facts` are redacted for people when they are
// stored; the hash is taken of the action as it really is.
export type DecisionDraft = {
  origin: DecisionOrigin
  subject: string
  traceId?: string | null
  executionId?: string | null
  adapterId?: string | null
  workspaceId: string
  environment: string
  agentRole?: string | null
  userId?: string | null
  tool?: string | null
  toolCallId?: string | null
  action: object
  actionHash: string
  facts: object
  verdict: Verdict
  risk?: { score: number; level: string } | null
  cost?: MicroUsd | null
  requestedBy: string
  requestedById?: string | null
  requiredRole?: string | null
  grantedScope?: object | null
  expiresAt?: Date
  callbackUrl?: string | null
  callbackSecret?: string | null
}

export type NewDecision = DecisionDraft & { id: string }

export const DEFAULT_ROLE: Role = 'release_manager'

export type DecisionStatus = 'allow' | 'deny' | 'pending' | 'approved' | 'denied' | 'expired'

export const statusOf = ({ decision }: Pick<Verdict, 'decision'>): DecisionStatus =>
  decision === 'require_approval' ? 'pending' : decision

export type Action = {
  tool: string | null
  arguments: unknown
  workspaceId: string
  environment: string
} & Readonly<Record<string, unknown>>

// An approval stands for these bytes and for no others: another argument, tool, place or run is another action.
export const actionHashOf = (action: Action): string =>
  `sha256:${createHash('sha256').update(stableJson(action)).digest('hex')}`

import type { Scope } from '@/lib/core/scope'
import {
  decide,
  type FiledPolicies,
  NO_FILED_POLICIES,
  type PolicyDecision,
  type PolicyQuestion,
} from '@/lib/governance'
import type { ToolCall } from '@/lib/shared/chat'
import { uuidv7 } from '@/lib/shared/id'
import type { MicroUsd } from '@/lib/shared/money'
import { isProblem } from '@/lib/shared/problem'
import { argumentFault } from './argument-faults'
import { type Grants, type Refusal, refusalOf } from './permission'
import type { Tool } from './tool'

// Where and for whom the run acts: what a policy is asked besides the call itself.
export type ToolPlace = {
  role: string | null
  workspaceId: string
  environment: string
  userId?: string | null
  skillState?: string
  model?: string
}

export type JudgeContext = { place: ToolPlace; riskLevel?: string; estimatedCost?: MicroUsd }

// What a policy answered, under the id that it is stored by.
type Asked = { id: string; question: PolicyQuestion; verdict: PolicyDecision }

// What all layers say of one call before anything is done. Without a refusal it may be done.
type Judged = { name: string; refusal?: Refusal; asked?: Asked }

export type Court = {
  scope: Scope
  grants: Grants
  tools: ReadonlyMap<string, Tool>
  owners: ReadonlyMap<string, string>
  policies: FiledPolicies
  skills: readonly string[]
}

const nameIn = ({ owners }: Pick<Court, 'owners'>, call: ToolCall): string =>
  owners.get(String(call?.name)) ?? String(call?.name)

export const argumentsOf = (call: ToolCall): Record<string, unknown> => call.arguments ?? {}

const questionOf = (
  { skills }: Court,
  tool: Tool,
  call: ToolCall,
  { place, riskLevel, estimatedCost }: JudgeContext,
): PolicyQuestion => ({
  subject: 'tool',
  tool: tool.name,
  role: place.role,
  workspaceId: place.workspaceId,
  environment: place.environment,
  action: tool.isReadOnly ? 'read' : 'write',
  ...(skills.length === 0 ? {} : { skill: skills }),
  ...(place.userId ? { userId: place.userId } : {}),
  ...(place.skillState === undefined ? {} : { skillState: place.skillState }),
  ...(place.model === undefined ? {} : { model: place.model }),
  ...(riskLevel === undefined ? {} : { riskLevel }),
  ...(estimatedCost === undefined ? {} : { estimatedCost }),
  arguments: argumentsOf(call),
})

const REFUSED = {
  deny: (why: string) => why,
  require_approval: (why: string) => `needs an approval: ${why}`,
} as const

const askPolicy = async (court: Court, tool: Tool, call: ToolCall, ctx: JudgeContext): Promise<Judged> => {
  const { scope, policies } = court
  const question = questionOf(court, tool, call, ctx)
  const verdict = await decide(scope, question, policies)
  const asked: Asked = { id: uuidv7(scope.clock.now().getTime()), question, verdict }
  const named = { name: tool.name, asked }
  if (verdict.decision === 'allow') return named
  return { ...named, refusal: { layer: 'policy', reason: REFUSED[verdict.decision](verdict.explanation) } }
}

const layers = async (court: Court, call: ToolCall, ctx: JudgeContext): Promise<Judged> => {
  const name = nameIn(court, call)
  const refused = (refusal: Refusal): Judged => ({ name, refusal })
  const refusal = refusalOf(court.grants, name)
  if (refusal) return refused(refusal)
  const tool = court.tools.get(name)
  if (!tool) return refused({ layer: 'catalogue', reason: 'there is no such tool' })
  const fault = argumentFault(argumentsOf(call))
  if (fault !== null) return refused({ layer: 'arguments', reason: fault })
  return askPolicy(court, tool, call, ctx)
}

/** Whether a call may be made. It never throws: where the layers cannot be asked, nothing is permitted. */
export const layersOf = async (court: Court, call: ToolCall, ctx: JudgeContext): Promise<Judged> => {
  try {
    return await layers(court, call, ctx)
  } catch (error) {
    court.scope.log.error('tool call failed', { error })
    const isKnown = isProblem(error) && error.code === 'policy_unavailable'
    const reason = isKnown ? error.message : 'it could not be asked'
    return { name: nameIn(court, call), refusal: { layer: 'policy', reason } }
  }
}

export const courtOf = (parts: Omit<Court, 'policies'> & { policies: FiledPolicies | undefined }): Court => ({
  ...parts,
  policies: parts.policies ?? NO_FILED_POLICIES,
})

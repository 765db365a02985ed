import type { PolicyQuestion } from '@/lib/governance'
import type { ExecutionBody } from '../contract/execution'
import type { CurrentAdapter } from '../current-adapter'
import { type ExecutionRisk, worseState } from './risk-of'
import { microOf } from './room-for'

type Json = Record<string, unknown>

// What is only listed may be a path or a host: a rule about either sees it.
const targetsOf = (targets: unknown): Json =>
  targets === undefined ? {} : { targets: Array.isArray(targets) ? { paths: targets, hosts: targets } : targets }

export const contextOf = ({ context }: Pick<ExecutionBody, 'context'>): Json | undefined => {
  if (context === undefined) return undefined
  const { targets, external_network, writes_files, elevated_privileges, package_manager } = context
  const effects = { external_network, writes_files, elevated_privileges, package_manager }
  const given = Object.fromEntries(Object.entries(effects).filter(([, value]) => value !== undefined))
  return { ...context, side_effects: given, ...targetsOf(targets) }
}

/** The dearest that it says it may become. */
export const costOf = ({ estimated_cost, max_cost }: ExecutionBody): number | undefined =>
  estimated_cost === undefined && max_cost === undefined ? undefined : Math.max(estimated_cost ?? 0, max_cost ?? 0)

type Place = { workspaceId: string; environment: string }

/** What the policies are asked. Who asks, and how dangerous it is, is not the agent's to say. */
export const questionOf = (
  adapter: CurrentAdapter,
  body: ExecutionBody,
  { workspaceId, environment }: Place,
  risk: ExecutionRisk,
): PolicyQuestion => {
  const [cost, context, state] = [costOf(body), contextOf(body), worseState(body.skill_state)]
  return {
    subject: 'execution',
    workspaceId,
    environment,
    role: null,
    adapterId: adapter.id,
    adapterRiskClass: risk.riskClass,
    riskLevel: risk.level,
    ...(body.requested_capabilities.length === 0 ? {} : { capability: body.requested_capabilities }),
    ...(body.intent === undefined ? {} : { intent: body.intent }),
    ...(state === undefined ? {} : { skillState: state }),
    ...(cost === undefined ? {} : { estimatedCost: microOf(cost) }),
    ...(context === undefined ? {} : { context }),
    ...(body.provenance === undefined ? {} : { provenance: body.provenance }),
  }
}

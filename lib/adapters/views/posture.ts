import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { isToolNamed, listPolicies } from '@/lib/governance'
import type { PolicyList, PolicyView } from '@/lib/governance/contract'
import { policiesOf } from '@/lib/workspace'
import manifest from '@/package.json'
import type { Posture } from '../contract/views'
import { currentAdapter } from '../current-adapter'
import { approvalMode } from '../executions/judge-execution'

/** The policies that hold in a workspace, also those in its files. */
export const policiesFor = async (scope: Scope, workspaceId: string): Promise<PolicyList> => {
  const environment = scope.identity.adapter?.environment
  return listPolicies(scope, { workspace_id: workspaceId }, await policiesOf(scope, workspaceId, { environment }))
}

const speaksOf = ({ subject }: PolicyView, tool: string): boolean =>
  subject.type === 'tool' && subject.name !== null && isToolNamed(subject.name, tool)

/** The policies that are on and speak of a tool by its name. */
export const rulesFor = (policies: readonly PolicyView[], tool: string): PolicyView[] =>
  policies.filter((policy) => policy.enabled && speaksOf(policy, tool))

const statusOf = (mode: Posture['mode'], hasFallback: boolean): Posture['status'] => {
  if (mode === 'strict') return 'ENFORCED'
  if (mode === 'permissive') return 'DISABLED'
  return hasFallback ? 'ENFORCED' : 'DEGRADED'
}

export const postureOf = (
  { id, tools }: { id: string; tools: readonly string[] },
  { policies, mode, faults }: PolicyList,
): Posture => {
  const { env } = kernel()
  const fallbacks = policies.filter(({ is_fallback }) => is_fallback)
  const isOn = fallbacks.some(({ enabled }) => enabled)
  const covered = tools.filter((tool) => rulesFor(policies, tool).length > 0)
  return {
    adapter: id,
    mode,
    status: statusOf(mode, isOn),
    engine_version: manifest.version,
    fallback_present: fallbacks.length > 0,
    fallback_enabled: isOn,
    policy_count: policies.filter(({ enabled }) => enabled).length,
    covered_tools: covered,
    uncovered_tools: tools.filter((tool) => !covered.includes(tool)),
    approval_mode: approvalMode(),
    telemetry_mode: env.CLASPER_TELEMETRY_SIGNATURE_MODE,
    tool_auth_mode: env.CLASPER_TOOL_AUTH_MODE,
    faults,
  }
}

export const showPosture = async (scope: Scope): Promise<Posture> => {
  const { id, tools, workspaceId } = await currentAdapter(scope)
  return postureOf({ id, tools }, await policiesFor(scope, workspaceId))
}

const canSpeak = ({ subject, enabled }: PolicyView, adapterId: string): boolean =>
  enabled && (subject.type !== 'adapter' || subject.name === null || subject.name === adapterId)

/** What may be decided about the agent. Under which conditions is for those who govern it. */
export const showPolicies = async (scope: Scope) => {
  const { id, workspaceId } = await currentAdapter(scope)
  const { policies, policy_bundle_hash, mode } = await policiesFor(scope, workspaceId)
  return {
    policies: policies
      .filter((policy) => canSpeak(policy, id))
      .map(({ policy_id, subject, effect, scope: place, explanation, precedence, is_fallback }) => ({
        ...{ policy_id, subject, explanation, precedence, is_fallback },
        effect: effect.decision,
        environment: place.environment,
      })),
    policy_bundle_hash,
    mode,
  }
}

import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { isProblem, missing } from '@/lib/shared/problem'
import type { PolicyFilter, PolicyList, PolicyView } from '../contract/policy'
import type { FiledPolicies } from './filed'
import { mayReach } from './may-change'
import { presentPolicy, presentRule } from './present'
import { ruleSetFor } from './rule-set'
import { serverPolicies } from './server-policies'
import { documentOrNull, findPolicies, findPolicy } from './store'

const fits = (view: PolicyView, { workspace_id: workspace, environment, enabled }: PolicyFilter): boolean =>
  (workspace === undefined || view.scope.workspace_id === null || view.scope.workspace_id === workspace) &&
  (environment === undefined || view.scope.environment === null || view.scope.environment === environment) &&
  (enabled === undefined || view.enabled === enabled)

const stronger = (a: PolicyView, b: PolicyView): number =>
  b.precedence - a.precedence || (a.policy_id < b.policy_id ? -1 : 1)

const stateOf = async (
  scope: Scope,
  filed: FiledPolicies,
): Promise<Pick<PolicyList, 'policy_bundle_hash' | 'faults'>> => {
  try {
    return { policy_bundle_hash: (await ruleSetFor(scope, filed)).hash, faults: [] }
  } catch (error) {
    const faults = isProblem(error) && Array.isArray(error.details?.['faults']) ? error.details['faults'] : []
    return {
      policy_bundle_hash: null,
      faults: faults.length > 0 ? faults.map(String) : ['the policies cannot be read'],
    }
  }
}

/** What holds for the tenant, or in one workspace of it; what stands in files is shown beside what can be changed. */
export const listPolicies = async (scope: Scope, filter: PolicyFilter, filed: FiledPolicies): Promise<PolicyList> => {
  const rows = (await findPolicies(scope.db)).filter((row) => mayReach(scope, row.workspaceId))
  const files = [...filed.rules, ...serverPolicies().rules].filter(
    ({ tenantId }) => tenantId === undefined || tenantId === scope.tenantId,
  )
  const views = [
    // One that cannot be read is told among the faults.
    ...rows.filter((row) => documentOrNull(row) !== null).map(presentPolicy),
    ...files.map((rule) => presentRule(rule, scope.tenantId, filter.workspace_id ?? null)),
  ]
  return {
    policies: views.filter((view) => fits(view, filter)).sort(stronger),
    mode: kernel().env.CLASPER_MODE,
    ...(await stateOf(scope, filed)),
  }
}

export const getPolicy = async (scope: Scope, id: string): Promise<{ policy: PolicyView }> => {
  const row = await findPolicy(scope.db, id)
  return row && mayReach(scope, row.workspaceId) ? { policy: presentPolicy(row) } : missing('policy', id)
}

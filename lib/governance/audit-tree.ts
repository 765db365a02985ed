import { Problem } from '@/lib/shared/problem'
import { foldRight, type NodeRef, nodesOf, type ProofPlan, planConsistency, planInclusion } from '../core/audit/tree'
import type { Scope } from '../core/scope'
import { keyOf, readNodes } from './store'

export const rootPlan = (size: number): ProofPlan => [nodesOf([0, size])]

// One read for all plans together, whatever the size of the log.
export const foldPlans = async (scope: Scope, plans: readonly ProofPlan[]): Promise<string[][]> => {
  const refs = new Map(plans.flat(2).map((ref): [string, NodeRef] => [keyOf(ref), ref]))
  const found = await readNodes(scope, [...refs.values()])
  const hashOf = (ref: NodeRef): string => {
    const hash = found.get(keyOf(ref))
    if (hash === undefined)
      throw new Problem('internal_error', `The audit tree lacks node ${keyOf(ref)}; verify the log`)
    return hash
  }
  return plans.map((plan) => plan.map((part) => foldRight(part.map(hashOf))))
}

export const foldInclusion = async (scope: Scope, index: number, size: number) => {
  const [path = [], [root = ''] = []] = await foldPlans(scope, [planInclusion(index, size), rootPlan(size)])
  return { path, root }
}

export const foldConsistency = async (scope: Scope, first: number, second: number) => {
  const plans = [planConsistency(first, second), rootPlan(first), rootPlan(second)]
  const [path = [], [fromRoot = ''] = [], [toRoot = ''] = []] = await foldPlans(scope, plans)
  return { path, fromRoot, toRoot }
}

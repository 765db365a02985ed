import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { type FiledPolicies, hashOf, type PolicyFiles } from './filed'
import { usesOperators } from './operators-allowed'
import { type PolicyRule, ruleOf } from './rule'
import { serverPolicies } from './server-policies'
import { printOfPolicies } from './sql'
import { documentOf, findPolicies, type PolicyRow } from './store'

export type RuleSet = { rules: readonly PolicyRule[]; hash: string }

type Known = RuleSet & { print: string }

const LIMITS = { max: 2_000, maxSize: 200_000 }

const sets = () =>
  kernel().slot(
    'governance.policies',
    () => new LRUCache<string, Known>({ ...LIMITS, sizeCalculation: ({ rules }) => rules.length + 1 }),
  )

/** What is kept of a tenant is read again at its next question, also where the clock stands still. */
export const forgetRules = (tenantId: string): void => {
  for (const key of [...sets().keys()]) if (key.startsWith(`${tenantId} `)) sets().delete(key)
}

const unreadable = (faults: readonly string[], cause?: unknown): Problem =>
  new Problem(
    'policy_unavailable',
    `Nothing is permitted while a policy cannot be read: ${faults.slice(0, 3).join('; ') || 'the store does not answer'}`,
    faults.length === 0 ? undefined : { faults },
    cause === undefined ? {} : { cause },
  )

export const assertReadable = ({ faults }: Pick<PolicyFiles, 'faults'>): void => {
  if (faults.length > 0) throw unreadable(faults)
}

const ruleIn = (row: PolicyRow): PolicyRule => {
  try {
    return { ...ruleOf(documentOf(row)), since: row.updatedAt }
  } catch (error) {
    throw unreadable([`the policy ${row.id} is not valid any more`], error)
  }
}

const readSet = async (scope: Scope, filed: PolicyFiles, print: string): Promise<Known> => {
  const rows = await findPolicies(scope.db, { isEnabled: true })
  const rules = [...rows.map(ruleIn), ...filed.rules, ...serverPolicies().rules]
  const strange = kernel().env.CLASPER_POLICY_OPERATORS
    ? undefined
    : rules.find(({ document }) => usesOperators(document))
  if (strange) throw unreadable([`the policy ${strange.id} uses operators, which are switched off on this server`])
  return { print, rules, hash: hashOf(rules.map(({ canonical }) => canonical)) }
}

const current = async (scope: Scope, filed: PolicyFiles): Promise<RuleSet> => {
  const [row] = await scope.rows(printOfPolicies)
  const print = String(row?.['print'] ?? '')
  const key = `${scope.tenantId} ${filed.hash}`
  const known = sets().get(key)
  if (known?.print === print) return known
  const made = await readSet(scope, filed, print)
  sets().set(key, made)
  return made
}

/** All rules that hold for this tenant and these files now. Whatever is wrong with one of them is wrong with all. */
export const ruleSetFor = async (scope: Scope, filed: FiledPolicies): Promise<RuleSet> => {
  assertReadable(filed)
  assertReadable(serverPolicies())
  try {
    return await current(scope, filed)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw unreadable([], error)
  }
}

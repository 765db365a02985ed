import { usdOf } from '@/lib/shared/money'
import { lexicalPath, type PathForm } from './paths'
import type { PolicyQuestion } from './question'
import { policyToolName, toolGroupOf } from './tool-name'

// What is known when a policy is asked. Values of callers stand below `arguments`, `context` and `provenance` alone.
export type Facts = {
  question: PolicyQuestion
  tenantId: string
  // Where `{{workspace.root}}` points; null where the workspace has no folder here.
  root: string | null
  values: Readonly<Record<string, unknown>>
  pathOf: (raw: string) => PathForm
}

const MOST_VALUES = 1000

const toolsOf = ({ tool, toolGroup }: PolicyQuestion) =>
  tool === undefined
    ? { tool_group: toolGroup }
    : { tool: policyToolName(tool), tool_group: policyToolName(toolGroup ?? toolGroupOf(tool)) }

const valuesOf = (question: PolicyQuestion): Record<string, unknown> => ({
  ...toolsOf(question),
  action: question.action,
  resource: question.resource,
  actor: question.userId === undefined ? undefined : `user:${question.userId}`,
  user_id: question.userId,
  agent_id: question.agentId,
  agent_role: question.role ?? undefined,
  model: question.model,
  capability: question.capability,
  intent: question.intent,
  skill: question.skill,
  skill_state: question.skillState,
  risk_level: question.riskLevel,
  adapter_id: question.adapterId,
  adapter_risk_class: question.adapterRiskClass,
  environment: question.environment,
  workspace_id: question.workspaceId,
  estimated_cost: question.estimatedCost === undefined ? undefined : usdOf(question.estimatedCost),
  arguments: question.arguments,
  context: question.context,
  provenance: question.provenance,
})

const textAt = (value: unknown, ...names: readonly string[]): string | null => {
  const found = names.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  )
  return typeof found === 'string' ? found : null
}

// Where relative paths begin.
export const baseOf = (question: PolicyQuestion, root: string | null): string | null => {
  const cwd = textAt(question.context, 'exec', 'cwd')
  return cwd === null ? root : lexicalPath(cwd, root)
}

type Place = { tenantId: string; root: string | null; pathOf?: Facts['pathOf'] }

export const factsOf = (question: PolicyQuestion, { tenantId, root, pathOf }: Place): Facts => {
  const base = baseOf(question, root)
  const lexically = (raw: string): PathForm => {
    const lexical = lexicalPath(raw, base)
    return { lexical, real: lexical }
  }
  return { question, tenantId, root, values: valuesOf(question), pathOf: pathOf ?? lexically }
}

type Gathered = { values: unknown[]; isTooMuch: boolean }

const gather = (node: unknown, names: readonly string[], into: Gathered): void => {
  if (into.isTooMuch || node === undefined) return
  if (into.values.length >= MOST_VALUES) {
    into.isTooMuch = true
    return
  }
  if (names.length === 0) {
    into.values.push(node)
    return
  }
  if (Array.isArray(node)) {
    if (node.length > MOST_VALUES) into.isTooMuch = true
    else for (const item of node) gather(item, names, into)
    return
  }
  if (typeof node !== 'object' || node === null) return
  // A key may itself hold dots: both readings count.
  for (let taken = 1; taken <= names.length; taken++) {
    const key = names.slice(0, taken).join('.')
    if (Object.hasOwn(node, key)) gather((node as Record<string, unknown>)[key], names.slice(taken), into)
  }
}

/** All that stands at a dotted name, through lists; never what an object only inherits. */
export const valuesAt = (facts: Facts, field: string): Gathered => {
  const into: Gathered = { values: [], isTooMuch: false }
  gather(facts.values, field.split('.'), into)
  return into
}

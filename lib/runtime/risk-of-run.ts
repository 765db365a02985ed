import { foundIn, kindOf } from '@/lib/core/redaction/rules'
import { rulesOf } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { declaredState, factorsThatWeigh, type RunRisk, riskAtEnd, riskOfRun, sensitivityIn } from '@/lib/governance'
import { declaredRisk } from '@/lib/skills'
import type { Toolbox } from '@/lib/tools'
import { type EndRisk, foundBefore } from '@/lib/tracing'
import type { Bundle } from '@/lib/workspace'
import type { RunRequest } from './request'
import type { Run } from './run'

// What was asked and said before. What the workspace's own files hold, the workspace declares.
const kindsIn = (scope: Scope, { message, history }: Pick<RunRequest, 'message' | 'history'>): string[] => {
  const rules = rulesOf(scope.tenantId)
  const texts = [message, ...history.map(({ content }) => content)]
  return [...new Set(texts.flatMap((text) => foundIn(rules, text).map(({ type }) => kindOf(type))))]
}

// `found` is known from a record whose texts are masked.
type Given = { tools: Toolbox; bundle: Bundle; temperature: number; found?: readonly string[] }

/** Before a model is asked: from the workspace, its skills, the tools that are really offered, and what is asked. */
export const riskBefore = (
  scope: Scope,
  request: RunRequest,
  { tools, bundle, temperature, found = [] }: Given,
): RunRisk => {
  const inPlay = bundle.skills.filter(({ name, isEnabled }) => isEnabled && tools.skills.includes(name))
  return riskOfRun({
    tools: tools.specs.map(({ name }) => tools.nameOf(name)),
    temperature,
    skills: inPlay.map((skill) => {
      const { sensitivity, state } = declaredRisk(skill)
      return { name: skill.name, sensitivity: sensitivityIn(sensitivity), state: declaredState(state) }
    }),
    workspace: bundle.declaredRisk,
    caller: {
      sensitivity: sensitivityIn(request.metadata.data_sensitivity),
      flags: request.metadata.custom_flags ?? [],
    },
    found: [...kindsIn(scope, request), ...found],
  })
}

const usedIn = (outcome: object): string[] => {
  const { tool_calls: calls } = outcome as { tool_calls?: readonly { name: string; permitted: boolean }[] }
  return (calls ?? []).filter(({ permitted }) => permitted).map(({ name }) => name)
}

/** Once it is over: what tools brought and the model said counts too. A run that was taken up again knows its past. */
export const riskAfter = async (run: Run, outcome: object): Promise<RunRisk | null> => {
  if (run.risk === null) return null
  const before = run.durable === null ? [] : await foundBefore(run.scope, run.traceId)
  return riskAtEnd(run.risk, { found: [...before, ...run.chain.found()], used: usedIn(outcome) })
}

export const endRiskOf = (risk: RunRisk): EndRisk => ({
  score: risk.score,
  level: risk.level,
  facts: [
    ...risk.inputs.skills.map((name) => ({ fact: 'skill', value: name, weight: 0 }) as const),
    ...factorsThatWeigh(risk).map(({ name, value }) => ({ fact: 'risk_factor', value: name, weight: value }) as const),
  ],
})

import {
  type Risk,
  type RiskInput,
  SENSITIVITIES,
  type Sensitivity,
  SKILL_STATES,
  type SkillState,
  scoreRisk,
} from './risk'

// Who says how sensitive the data of a run is. The largest of them counts, so nobody can lower what another says.
export type SensitivitySources = {
  workspace: Sensitivity
  skills: Sensitivity
  caller: Sensitivity
  found: Sensitivity
}

export type SkillInPlay = { name: string; sensitivity: Sensitivity; state: SkillState | null }

// What is known of a run before it begins.
export type RunFacts = {
  tools: readonly string[]
  temperature: number
  skills: readonly SkillInPlay[]
  workspace: { sensitivity: Sensitivity; flags: readonly string[] }
  caller: { sensitivity: Sensitivity; flags: readonly string[] }
  // Kinds that redaction found in what is asked.
  found: readonly string[]
}

export type RunRiskInputs = Risk['inputs'] & {
  sources: SensitivitySources
  found: readonly string[]
  skills: readonly string[]
  tools_used: readonly string[]
}
export type RunRisk = Omit<Risk, 'inputs'> & { inputs: RunRiskInputs }

const PERSONAL: readonly string[] = ['email', 'ssn', 'phone_us', 'phone_intl', 'credit_card', 'iban']
const ADDRESSES: readonly string[] = ['ip_address', 'ipv6']
const MOST_FLAGS = 20

export const worstOf = (...all: readonly Sensitivity[]): Sensitivity =>
  SENSITIVITIES[Math.max(0, ...all.map((one) => SENSITIVITIES.indexOf(one)))] ?? 'none'

// Secrets, and whatever a tenant looks for itself, weigh between the address of a machine and a person's data.
const sensitivityOfKind = (kind: string): Sensitivity =>
  PERSONAL.includes(kind) ? 'pii' : ADDRESSES.includes(kind) ? 'medium' : 'high'

export const sensitivityFound = (kinds: readonly string[]): Sensitivity => worstOf(...kinds.map(sensitivityOfKind))

const LEAST_MATURE: readonly SkillState[] = ['deprecated', 'draft', 'tested', 'approved', 'active']

// A run is as mature as the least mature skill of those whose state is known.
const stateOf = (skills: readonly SkillInPlay[]): SkillState | null =>
  LEAST_MATURE.find((state) => skills.some((skill) => skill.state === state)) ?? null

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort()

type Given = { input: RiskInput; sources: SensitivitySources; found: readonly string[] }

const riskOf = ({ input, sources, found }: Given, more: Pick<RunRiskInputs, 'skills' | 'tools_used'>): RunRisk => {
  const { workspace, skills, caller } = sources
  const all = { workspace, skills, caller, found: sensitivityFound(found) }
  const risk = scoreRisk({ ...input, dataSensitivity: worstOf(...Object.values(all)) })
  return { ...risk, inputs: { ...risk.inputs, sources: all, found: unique(found), ...more } }
}

/** The risk of a run before a model is asked. */
export const riskOfRun = (facts: RunFacts): RunRisk =>
  riskOf(
    {
      input: {
        toolCount: facts.tools.length,
        toolNames: facts.tools,
        skillState: stateOf(facts.skills),
        temperature: facts.temperature,
        customFlags: unique([...facts.workspace.flags, ...facts.caller.flags]).slice(0, MOST_FLAGS),
      },
      sources: {
        workspace: facts.workspace.sensitivity,
        skills: worstOf(...facts.skills.map(({ sensitivity }) => sensitivity)),
        caller: facts.caller.sensitivity,
        found: 'none',
      },
      found: facts.found,
    },
    { skills: unique(facts.skills.map(({ name }) => name)), tools_used: [] },
  )

const inputOf = (inputs: RunRiskInputs): RiskInput => ({
  toolCount: inputs.tool_count,
  toolNames: inputs.tool_names,
  skillState: inputs.skill_state,
  temperature: inputs.temperature,
  skillTested: inputs.skill_tested,
  skillPinned: inputs.skill_pinned,
  customFlags: inputs.custom_flags,
})

/** The same once it is over: what came up on the way counts too. It never falls. */
export const riskAtEnd = ({ inputs }: RunRisk, seen: { found: readonly string[]; used: readonly string[] }): RunRisk =>
  riskOf(
    { input: inputOf(inputs), sources: inputs.sources, found: [...inputs.found, ...seen.found] },
    { skills: inputs.skills, tools_used: unique([...inputs.tools_used, ...seen.used]) },
  )

const isRunInputs = (inputs: object): inputs is RunRiskInputs => 'sources' in inputs && 'found' in inputs

/** From what is stored beside a run, once more. Runs of earlier versions told no sources. */
export const recomputed = (inputs: Risk['inputs']): Risk => {
  if (isRunInputs(inputs)) return riskAtEnd({ inputs } as RunRisk, { found: [], used: inputs.tools_used })
  return scoreRisk({ ...inputOf(inputs as RunRiskInputs), dataSensitivity: inputs.data_sensitivity })
}

export const sensitivityIn = (value: unknown): Sensitivity => SENSITIVITIES.find((name) => name === value) ?? 'none'

// A skill may say that it is not ready; that it is, only the registry says.
export const declaredState = (value: unknown): SkillState | null => {
  const state = SKILL_STATES.find((name) => name === value)
  return state === 'draft' || state === 'deprecated' ? state : null
}

import { RISK_WEIGHTS } from './contract/risk'

export const SKILL_STATES = ['draft', 'tested', 'approved', 'active', 'deprecated'] as const
export const SENSITIVITIES = ['none', 'low', 'medium', 'high', 'pii'] as const
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const

export type SkillState = (typeof SKILL_STATES)[number]
export type Sensitivity = (typeof SENSITIVITIES)[number]
export type RiskLevel = (typeof RISK_LEVELS)[number]

type Adapter = {
  riskClass: RiskLevel
  capabilities: number
  externalNetwork?: boolean
  elevatedPrivileges?: boolean
  isFromMarketplace?: boolean
}

export type RiskInput = {
  toolCount: number
  toolNames?: readonly string[]
  skillState?: SkillState | null
  temperature?: number
  dataSensitivity?: Sensitivity
  skillTested?: boolean
  skillPinned?: boolean
  customFlags?: readonly string[]
  adapter?: Adapter | null
}

// Both are stored with a run, so they are spelled as they are shown.
export type RiskFactors = {
  tool_breadth: number
  skill_maturity: number
  model_volatility: number
  data_sensitivity: number
  custom_factors: number
  adapter: number
}
export type RiskInputs = {
  tool_count: number
  tool_names: readonly string[]
  skill_state: SkillState | null
  temperature: number
  data_sensitivity: Sensitivity
  skill_tested: boolean
  skill_pinned: boolean
  custom_flags: readonly string[]
}
export type Risk = { score: number; level: RiskLevel; factors: RiskFactors; inputs: RiskInputs }

const DEFAULT_TEMPERATURE = 0.7
const DANGEROUS = [
  ...['execute_code', 'run_command', 'delete_file', 'send_email', 'make_purchase', 'modify_database', 'admin_action'],
]
const MATURITY: Readonly<Record<SkillState, number>> = {
  active: 0,
  approved: 10,
  tested: 30,
  draft: 60,
  deprecated: 80,
}
const NO_SKILL = 50
const SENSITIVITY: Readonly<Record<Sensitivity, number>> = { none: 0, low: 20, medium: 40, high: 70, pii: 100 }
const CLASS: Readonly<Record<RiskLevel, number>> = { low: 10, medium: 40, high: 70, critical: 90 }
const WEIGHTS: Readonly<RiskFactors> = RISK_WEIGHTS

const capped = (value: number): number => Math.min(100, value)

export const isDangerous = (tool: string): boolean => DANGEROUS.some((word) => tool.toLowerCase().includes(word))

const adapterFactor = (adapter: Adapter | null | undefined): number =>
  adapter
    ? capped(
        CLASS[adapter.riskClass] +
          Math.min(30, 5 * adapter.capabilities) +
          (adapter.externalNetwork ? 30 : 0) +
          (adapter.elevatedPrivileges ? 40 : 0) +
          (adapter.isFromMarketplace ? 20 : 0),
      )
    : 0

const maturityOf = (inputs: RiskInputs): number => {
  const base = inputs.skill_state === null ? NO_SKILL : MATURITY[inputs.skill_state]
  return Math.max(0, base - (inputs.skill_tested ? 20 : 0) - (inputs.skill_pinned ? 10 : 0))
}

const factorsOf = (inputs: RiskInputs, adapter: Adapter | null | undefined): RiskFactors => ({
  tool_breadth: capped(15 * inputs.tool_count + 20 * inputs.tool_names.filter(isDangerous).length),
  skill_maturity: maturityOf(inputs),
  model_volatility: capped(Math.round((inputs.temperature / 2) * 100)),
  data_sensitivity: SENSITIVITY[inputs.data_sensitivity],
  custom_factors: capped(20 * inputs.custom_flags.length),
  adapter: adapterFactor(adapter),
})

export const riskLevelOf = (score: number): RiskLevel =>
  score < 25 ? 'low' : score < 50 ? 'medium' : score < 75 ? 'high' : 'critical'

const inputsOf = (input: RiskInput): RiskInputs => ({
  tool_count: input.toolCount,
  tool_names: input.toolNames ?? [],
  skill_state: input.skillState ?? null,
  temperature: input.temperature ?? DEFAULT_TEMPERATURE,
  data_sensitivity: input.dataSensitivity ?? 'none',
  skill_tested: input.skillTested ?? false,
  skill_pinned: input.skillPinned ?? false,
  custom_flags: input.customFlags ?? [],
})

const sumOf = (factors: RiskFactors): number =>
  WEIGHTS.tool_breadth * factors.tool_breadth +
  WEIGHTS.skill_maturity * factors.skill_maturity +
  WEIGHTS.model_volatility * factors.model_volatility +
  WEIGHTS.data_sensitivity * factors.data_sensitivity +
  WEIGHTS.custom_factors * factors.custom_factors +
  WEIGHTS.adapter * factors.adapter

export const scoreRisk = (input: RiskInput): Risk => {
  const inputs = inputsOf(input)
  const factors = factorsOf(inputs, input.adapter)
  const score = capped(Math.round(sumOf(factors) / 100))
  return { score, level: riskLevelOf(score), factors, inputs }
}

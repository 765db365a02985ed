import type { CostPart, RiskDashboard } from '@/lib/insights/contract'

export const COST_TEXT = 'Where the money goes, what it will come to, and how much of the budget is left.'
export const RISK_TEXT = 'How dangerous the runs are, what makes them so, and which ones to look at.'

export const PART_WORDS: Readonly<Record<CostPart, string>> = {
  workspace: 'Workspace',
  skill: 'Skill',
  model: 'Model',
  role: 'Role',
  environment: 'Environment',
}

type Levels = keyof RiskDashboard['levels']

export const LEVEL_WORDS: Readonly<Record<Levels, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
}

const FACTORS: Readonly<Record<string, { name: string; means: string }>> = {
  tool_breadth: { name: 'Tools offered', means: 'Many tools, or such that change things' },
  skill_maturity: { name: 'Maturity of the skill', means: 'A draft, a deprecated one, or none' },
  model_volatility: { name: 'Volatility of the model', means: 'A high temperature' },
  data_sensitivity: { name: 'Sensitive data', means: 'Declared by the workspace, or found by redaction' },
  custom_factors: { name: 'Flags of the caller', means: 'What the caller named as a risk' },
  adapter: { name: 'External agent', means: 'Its risk class and what it can do' },
}

export const factorWords = (factor: string): { name: string; means: string } =>
  FACTORS[factor] ?? { name: factor, means: '' }

const DAY_MS = 86_400_000
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const shortDay = (day: string): string =>
  `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`

export const dayOfWire = (iso: string): string => `${shortDay(iso)} ${iso.slice(0, 4)}`

export const dayWindow = (day: string): { start_date: string; end_date: string } => ({
  start_date: `${day}T00:00:00.000Z`,
  end_date: new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS - 1).toISOString(),
})

export const untilEnd = (iso: string): string => new Date(Date.parse(iso) - 1).toISOString()
